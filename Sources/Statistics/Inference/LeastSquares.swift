/// A linear regression by ordinary least squares, with a constant.
///
/// By Householder's reflections on the columns themselves, so that no digits are lost to their products.
package struct LeastSquares: Sendable, Hashable {
    /// The constant first, then one for each column.
    package let coefficients: [Double]
    /// The standard error of each coefficient for independent errors of one variance.
    package let standardErrors: [Double]
    /// The share of the values' variance that the columns explain.
    package let rSquared: Double
    /// The standard deviation of the errors, with as many degrees of freedom as are left.
    package let residualDeviation: Double
    /// Observations less coefficients.
    package let degrees: Int

    /// Regresses `values` on `columns`, each as long as the values. Nil when the lengths differ, when there are no more
    /// observations than coefficients, when a number is not finite, and when a column follows from the others.
    package init?(_ values: [Double], on columns: [[Double]]) {
        let n = values.count, width = columns.count + 1
        guard n > width, columns.allSatisfy({ $0.count == n }), (columns + [values]).allSatisfy({ $0.allSatisfy(\.isFinite) })
        else { return nil }
        var matrix = [[Double](repeating: 1, count: n)] + columns
        var right = values
        var triangle = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
        for k in 0..<width {
            let whole = Self.norm(matrix[k][...]), below = Self.norm(matrix[k][k...])
            guard below > 1e-12 * whole else { return nil }
            let diagonal = matrix[k][k] > 0 ? -below : below
            var reflector = Array(matrix[k][k...])
            reflector[0] -= diagonal
            let square = reflector.reduce(0) { $0 + $1 * $1 }
            func reflect(_ column: inout [Double]) {
                var product = 0.0
                for i in reflector.indices { product += reflector[i] * column[k + i] }
                let factor = 2 * product / square
                for i in reflector.indices { column[k + i] -= factor * reflector[i] }
            }
            for row in 0..<k { triangle[row][k] = matrix[k][row] }
            triangle[k][k] = diagonal
            for column in (k + 1)..<max(width, k + 1) { reflect(&matrix[column]) }
            reflect(&right)
        }
        // R b = Q'y, from below; the inverse of R gives the errors.
        var solution = [Double](repeating: 0, count: width)
        var inverse = [[Double]](repeating: [Double](repeating: 0, count: width), count: width)
        for k in stride(from: width - 1, through: 0, by: -1) {
            var rest = right[k]
            for column in (k + 1)..<max(width, k + 1) { rest -= triangle[k][column] * solution[column] }
            solution[k] = rest / triangle[k][k]
            for target in 0..<width {
                var sum = target == k ? 1.0 : 0
                for column in (k + 1)..<max(width, k + 1) { sum -= triangle[k][column] * inverse[column][target] }
                inverse[k][target] = sum / triangle[k][k]
            }
        }
        degrees = n - width
        let residual = Self.norm(right[width...])
        residualDeviation = residual / Double(degrees).squareRoot()
        let deviation = residualDeviation
        coefficients = solution
        standardErrors = inverse.map { deviation * Self.norm($0[...]) }
        let total = Moments(values).variance(ddof: 0) * Double(n)
        rSquared = total > 0 ? 1 - residual * residual / total : .nan
    }

    /// Coefficients over their standard errors.
    package var statistics: [Double] { zip(coefficients, standardErrors).map(/) }

    /// The two-sided probabilities of such statistics where the coefficients are zero.
    package var pValues: [Double] { statistics.map { StudentT.twoSided($0, degrees: Double(degrees)) } }

    private static func norm(_ values: ArraySlice<Double>) -> Double {
        values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
}
