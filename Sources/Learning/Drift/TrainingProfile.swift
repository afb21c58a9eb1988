import Diagnostics
package import MarketData

/// How each feature was distributed in the rows a model was fitted on: what live rows are compared with.
package struct TrainingProfile: Sendable, Hashable, Codable {
    /// Training rows.
    package let rows: Int
    /// One profile per feature, in the model's order.
    package let features: [FeatureProfile]

    /// The profile of the complete rows among `rows` of a matrix. Throws `E_TRAIN_ROWS` when there is none, `E_TRAIN_SHAPE` when
    /// `rows` are not in the matrix.
    package init(_ matrix: FeatureMatrix, rows: some Sequence<Int>) throws(LearningError) {
        var columns = [[Double]](repeating: [], count: matrix.width)
        for row in rows {
            guard row >= 0, row < matrix.rows else {
                throw LearningError(.trainShape, "row \(row) is not in a matrix of \(matrix.rows) rows")
            }
            guard matrix.isComplete(row) else { continue }
            for column in columns.indices { columns[column].append(matrix[row, column]) }
        }
        guard let first = columns.first, !first.isEmpty else {
            throw LearningError(.trainRows, "no row has all features, so there is nothing to profile")
        }
        self.rows = first.count
        features = zip(matrix.names, columns).map { FeatureProfile(name: $0.description, values: $1) }
    }

    /// Throws `E_MODEL_SCHEMA` unless it is a profile of `names` in their order.
    func validate(for names: [FeatureName]) throws(LearningError) {
        guard rows > 0, features.map(\.name) == names.map(\.description) else {
            throw LearningError(.modelSchema, "the training profile is not one of the model's features", place: .key("/profile"))
        }
        for feature in features { try feature.validate() }
    }
}
