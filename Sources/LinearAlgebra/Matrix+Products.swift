/// Products, by OpenBLAS.
extension Matrix {
    /// AᵀA, exactly symmetric.
    package func gram() -> Matrix {
        var result = Matrix(rows: columns, columns: columns, repeating: 0)
        guard rows > 0, columns > 0 else { return result }
        withUnsafeElements { a in
            result.withUnsafeMutableElements { product in
                guard let a = a.baseAddress, let product = product.baseAddress else { return }
                BLAS.gram(a, rows: rows, columns: columns, into: product)
            }
        }
        for i in 0..<columns {
            for j in 0..<i { result[i, j] = result[j, i] }
        }
        return result
    }

    /// A x. Throws `E_MATRIX_SHAPE` when `x` has not as many elements as the matrix has columns.
    package func times(_ x: [Double]) throws(LinearAlgebraError) -> [Double] {
        guard x.count == columns else {
            throw LinearAlgebraError(.shape, "a matrix of \(rows) x \(columns) does not multiply a vector of \(x.count)")
        }
        return product(with: x, transposed: false, count: rows)
    }

    /// Aᵀ x. Throws `E_MATRIX_SHAPE` when `x` has not as many elements as the matrix has rows.
    package func transposedTimes(_ x: [Double]) throws(LinearAlgebraError) -> [Double] {
        guard x.count == rows else {
            throw LinearAlgebraError(
                .shape, "the transpose of a matrix of \(rows) x \(columns) does not multiply a vector of \(x.count)")
        }
        return product(with: x, transposed: true, count: columns)
    }

    /// A B. Throws `E_MATRIX_SHAPE` when the inner sizes differ.
    package func times(_ other: Matrix) throws(LinearAlgebraError) -> Matrix {
        guard columns == other.rows else {
            throw LinearAlgebraError(
                .shape, "a matrix of \(rows) x \(columns) does not multiply one of \(other.rows) x \(other.columns)")
        }
        var result = Matrix(rows: rows, columns: other.columns, repeating: 0)
        guard rows > 0, columns > 0, other.columns > 0 else { return result }
        withUnsafeElements { a in
            other.withUnsafeElements { b in
                result.withUnsafeMutableElements { product in
                    guard let a = a.baseAddress, let b = b.baseAddress, let product = product.baseAddress else { return }
                    BLAS.multiply(a, b, rows: rows, inner: columns, columns: other.columns, into: product)
                }
            }
        }
        return result
    }

    private func product(with x: [Double], transposed: Bool, count: Int) -> [Double] {
        guard rows > 0, columns > 0 else { return [Double](repeating: 0, count: count) }
        return [Double](unsafeUninitializedCapacity: count) { result, initialized in
            result.initialize(repeating: 0)
            initialized = count
            values.withUnsafeBufferPointer { a in
                x.withUnsafeBufferPointer { x in
                    guard let a = a.baseAddress, let x = x.baseAddress, let result = result.baseAddress else { return }
                    BLAS.multiply(a, rows: rows, columns: columns, transposed: transposed, by: x, into: result)
                }
            }
        }
    }
}
