package import LinearAlgebra
package import MarketData

/// The rows that a model is fitted on, with their labels.
package struct TrainingSet: Sendable, Hashable {
    /// Raw features, a row for each of `rows`.
    package let x: Matrix
    /// Forward returns, or their classes.
    package let y: [Double]
    /// Where the rows are in the feature matrix, in order.
    package let rows: [Int]

    /// Gathers the usable rows of `rows`: those with all features and a label that ends before `labelEnd`.
    ///
    /// - Parameters:
    ///   - closes: adjusted closes, one per row of `features`.
    ///   - labelEnd: the row at which labels may no longer look; the end of `rows` unless given, so that no label sees a price
    ///     that the train range does not hold. A plan whose purge is at least the horizon may give the purge's end.
    ///
    /// Throws `E_LABEL_HORIZON`, `E_FEATURE_WIDTH`, and `E_TRAIN_SHAPE` when closes and rows do not go together.
    package init(
        kind: LinearModel.Kind, horizon: Int, features: FeatureMatrix, closes: [Double], rows: Range<Int>, labelEnd: Int? = nil
    ) throws(LearningError) {
        guard features.rows == closes.count, rows.lowerBound >= 0, rows.upperBound <= features.rows, features.width > 0 else {
            throw LearningError(
                .trainShape,
                "\(features.rows) rows of features, \(closes.count) closes and the train rows "
                    + " \(rows.lowerBound)..<\(rows.upperBound) do not go together"
            )
        }
        let end = min(labelEnd ?? rows.upperBound, closes.count)
        let returns = try Labels.forwardReturns(Array(closes[..<max(0, end)]), horizon: horizon)
        let usable = Labels.usableRows(features, labels: returns, in: rows)
        let width = features.width
        var y: [Double] = []
        y.reserveCapacity(usable.count)
        for row in usable { y.append(kind == .ridge ? returns[row] : (returns[row] > 0 ? 1 : 0)) }
        let values = [Double](unsafeUninitializedCapacity: usable.count * width) { target, count in
            features.values.withUnsafeBufferPointer { source in
                guard let target = target.baseAddress, let source = source.baseAddress else { return }
                for (place, row) in usable.enumerated() {
                    (target + place * width).initialize(from: source + row * width, count: width)
                }
            }
            count = usable.count * width
        }
        do {
            x = try Matrix(rows: usable.count, columns: width, values: values)
        } catch {
            throw LearningError(.trainShape, error.message)
        }
        self.y = y
        self.rows = usable
    }
}
