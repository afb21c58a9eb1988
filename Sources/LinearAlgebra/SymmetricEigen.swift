/// The eigenvalues and eigenvectors of a symmetric matrix.
package struct SymmetricEigen: Sendable, Hashable {
    /// In ascending order.
    package let values: [Double]
    /// Row i is the eigenvector of `values[i]`, of length one; its sign is as the library happened to leave it.
    package let vectors: Matrix

    /// Decomposes `matrix`, of which only the upper triangle is read.
    ///
    /// Throws `E_MATRIX_SHAPE` when it is not square, `E_MATRIX_NOT_FINITE`, and `E_MATRIX_CONVERGENCE`.
    package init(_ matrix: Matrix) throws(LinearAlgebraError) {
        (values, vectors) = try Self.decompose(matrix, vectors: true)
    }

    /// The eigenvalues alone, in ascending order; cheaper. Throws what `init` throws.
    package static func values(of matrix: Matrix) throws(LinearAlgebraError) -> [Double] {
        try decompose(matrix, vectors: false).values
    }

    private static func decompose(
        _ matrix: Matrix, vectors: Bool
    ) throws(LinearAlgebraError) -> (values: [Double], vectors: Matrix) {
        let side = matrix.columns
        guard matrix.rows == side else {
            throw LinearAlgebraError(.shape, "a matrix of \(matrix.rows) x \(side) is not square")
        }
        guard matrix.values.allSatisfy(\.isFinite) else {
            throw LinearAlgebraError(.notFinite, "the matrix has an element that is not a finite number")
        }
        var values = [Double](repeating: 0, count: side)
        var work = matrix
        let unsettled = values.withUnsafeMutableBufferPointer { values in
            work.withUnsafeMutableElements { a in
                guard side > 0, let a = a.baseAddress, let values = values.baseAddress else { return 0 }
                return BLAS.eigen(a, side: side, values: values, vectors: vectors)
            }
        }
        guard unsettled == 0 else {
            throw LinearAlgebraError(.convergence, "the eigenvalues of a matrix of side \(side) did not settle")
        }
        return (values, work)
    }
}
