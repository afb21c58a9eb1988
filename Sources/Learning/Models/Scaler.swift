package import LinearAlgebra

/// The shift and scale that give every training column mean 0 and standard deviation 1.
package struct Scaler: Sendable, Hashable {
    package let means: [Double]
    /// The standard deviations (dividing by the number of rows); 1 for a column that is constant, so that it becomes zero.
    package let scales: [Double]

    /// Takes numbers that were fitted before. Throws `E_MODEL_SCHEMA` unless they are finite, as many, and the scales positive.
    package init(means: [Double], scales: [Double]) throws(LearningError) {
        guard means.count == scales.count, means.allSatisfy(\.isFinite), scales.allSatisfy({ $0.isFinite && $0 > 0 }) else {
            throw LearningError(.modelSchema, "a scaler needs a finite mean and a positive scale for every feature")
        }
        self.means = means
        self.scales = scales
    }

    /// The scaler of a matrix's columns. Throws `E_TRAIN_ROWS` when it has no rows, `E_TRAIN_VALUE` when a column has no finite
    /// spread.
    package static func fit(_ x: Matrix) throws(LearningError) -> Scaler {
        guard x.rows > 0 else { throw LearningError(.trainRows, "there are no rows to fit a scaler on") }
        let (rows, columns) = (x.rows, x.columns)
        let count = Double(rows)
        var means = [Double](repeating: 0, count: columns)
        var scales = [Double](repeating: 0, count: columns)
        x.withUnsafeElements { x in
            means.withUnsafeMutableBufferPointer { means in
                scales.withUnsafeMutableBufferPointer { scales in
                    // Relative to the first row, so that the mean of a constant column is exact.
                    for row in 1..<max(1, rows) {
                        for column in 0..<columns { means[column] += x[row &* columns &+ column] - x[column] }
                    }
                    for column in 0..<columns { means[column] = x[column] + means[column] / count }
                    // A second pass, since squares about zero would lose what squares about the mean keep.
                    for row in 0..<rows {
                        for column in 0..<columns {
                            let deviation = x[row &* columns &+ column] - means[column]
                            scales[column] += deviation * deviation
                        }
                    }
                    for column in 0..<columns {
                        let deviation = (scales[column] / count).squareRoot()
                        // A spread that is no more than the rounding of the values is none.
                        scales[column] = deviation <= 10 * .ulpOfOne * abs(means[column]) ? 1 : deviation
                    }
                }
            }
        }
        for column in 0..<columns where !(means[column].isFinite && scales[column].isFinite) {
            throw LearningError(.trainValue, "column \(column) holds values that are not finite or too large to be squared")
        }
        return try Scaler(means: means, scales: scales)
    }

    /// The matrix with every column shifted and scaled. Throws `E_FEATURE_WIDTH` when it has other columns than the scaler.
    package func transform(_ x: Matrix) throws(LearningError) -> Matrix {
        guard x.columns == means.count else {
            throw LearningError(.featureWidth, "the rows have \(x.columns) features, the scaler has \(means.count)")
        }
        let (rows, columns) = (x.rows, x.columns)
        var result = x
        result.withUnsafeMutableElements { x in
            means.withUnsafeBufferPointer { means in
                scales.withUnsafeBufferPointer { scales in
                    for row in 0..<rows {
                        for column in 0..<columns {
                            let place = row &* columns &+ column
                            x[place] = (x[place] - means[column]) / scales[column]
                        }
                    }
                }
            }
        }
        return result
    }
}
