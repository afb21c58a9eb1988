/// The factor U of a symmetric positive definite matrix A = UᵀU, to solve equations with.
package struct Cholesky: Sendable, Hashable {
    /// U in the upper triangle; what is below the diagonal has no meaning.
    private let factor: Matrix

    /// Factors `matrix`, of which only the upper triangle is read.
    ///
    /// Throws `E_MATRIX_SHAPE` when it is not square, `E_MATRIX_NOT_FINITE`, and `E_MATRIX_SINGULAR` when it is not positive
    /// definite or when a pivot is smaller than rounding makes it: at most `side` epsilons of its diagonal element.
    package init(_ matrix: Matrix) throws(LinearAlgebraError) {
        let side = matrix.columns
        guard matrix.rows == side else {
            throw LinearAlgebraError(.shape, "a matrix of \(matrix.rows) x \(side) is not square")
        }
        for i in 0..<side {
            for j in i..<side where !matrix[i, j].isFinite {
                throw LinearAlgebraError(.notFinite, "the element in row \(i), column \(j) is \(matrix[i, j])")
            }
        }
        var factor = matrix
        let minor = factor.withUnsafeMutableElements { a in
            a.baseAddress.map { side == 0 ? 0 : BLAS.factor($0, side: side) } ?? 0
        }
        guard minor == 0 else {
            throw LinearAlgebraError(
                .singular, "the matrix is not positive definite: leading minor \(minor) of \(side) is not positive")
        }
        for i in 0..<side where factor[i, i] * factor[i, i] <= Double(side) * .ulpOfOne * matrix[i, i] {
            throw LinearAlgebraError(.singular, "column \(i) depends on the columns before it, to within rounding")
        }
        self.factor = factor
    }

    /// The x with A x = b. Throws `E_MATRIX_SHAPE` when `b` has another size.
    package func solve(_ b: [Double]) throws(LinearAlgebraError) -> [Double] {
        guard b.count == factor.rows else {
            throw LinearAlgebraError(.shape, "a right side of \(b.count) does not fit a matrix of side \(factor.rows)")
        }
        guard !b.isEmpty else { return [] }
        var x = b
        x.withUnsafeMutableBufferPointer { x in
            factor.withUnsafeElements { a in
                guard let a = a.baseAddress, let x = x.baseAddress else { return }
                BLAS.solve(factor: a, side: factor.rows, x, count: 1)
            }
        }
        return x
    }

    /// The determinant's natural logarithm is the sum of these times two: the logarithms' arguments, U's diagonal.
    package var diagonal: [Double] { (0..<factor.rows).map { factor[$0, $0] } }
}
