package import MarketData

/// A fitted model with all that a prediction needs: from raw features to an expected return or a probability.
package struct TrainedModel: Sendable, Hashable {
    /// The features, in the order of the weights.
    package let features: [FeatureName]
    package let scaler: Scaler
    /// Bars that the label looked ahead.
    package let horizon: Int
    /// The model of the scaled features.
    package let model: LinearModel
    /// The same model with the scaler multiplied into its weights, so that a raw row costs one pass.
    private let folded: LinearModel

    /// Puts a model together. Throws `E_MODEL_SCHEMA` when the parts differ in size or a number is not finite.
    package init(features: [FeatureName], scaler: Scaler, horizon: Int, model: LinearModel) throws(LearningError) {
        guard !features.isEmpty, Set(features).count == features.count else {
            throw LearningError(.modelSchema, "a model needs features, each of them once")
        }
        guard features.count == scaler.means.count, features.count == model.weights.count else {
            throw LearningError(
                .modelSchema,
                "\(features.count) features do not go with \(scaler.means.count) scales and \(model.weights.count) weights")
        }
        guard (1...Labels.maximumHorizon).contains(horizon) else {
            throw LearningError(.modelSchema, "the label's horizon is \(horizon) bars")
        }
        var intercept = model.intercept
        var weights: [Double] = []
        for place in features.indices {
            let weight = model.weights[place] / scaler.scales[place]
            weights.append(weight)
            intercept -= weight * scaler.means[place]
        }
        guard intercept.isFinite, weights.allSatisfy(\.isFinite) else {
            throw LearningError(.modelSchema, "the model has a weight that is not a finite number")
        }
        self.features = features
        self.scaler = scaler
        self.horizon = horizon
        self.model = model
        folded = LinearModel(kind: model.kind, weights: weights, intercept: intercept)
    }

    /// The prediction for one row of raw features: the expected forward return (ridge) or the probability of a rise (logistic).
    ///
    /// Allocates nothing; NaN when a feature is NaN. Throws `E_FEATURE_WIDTH` when the row has not one value per feature.
    package func predict(_ row: UnsafeBufferPointer<Double>) throws(LearningError) -> Double { try folded.predict(row) }

    /// The same for an array.
    package func predict(_ row: [Double]) throws(LearningError) -> Double { try folded.predict(row) }

    /// One prediction per row of raw values that lie row after row; NaN where a feature is NaN.
    package func predict(_ values: UnsafeBufferPointer<Double>, rows: Int) throws(LearningError) -> [Double] {
        try folded.predict(values, rows: rows)
    }

    /// One prediction per row of `rows`, or of the whole matrix; NaN where a feature has no value yet.
    ///
    /// Throws `E_FEATURE_WIDTH` unless the matrix has exactly the model's features in their order, and the rows.
    package func predict(_ matrix: FeatureMatrix, rows: Range<Int>? = nil) throws(LearningError) -> [Double] {
        let rows = rows ?? 0..<matrix.rows
        guard matrix.names == features, rows.lowerBound >= 0, rows.upperBound <= matrix.rows else {
            throw LearningError(
                .featureWidth,
                "the model needs \(features.map(\.description).joined(separator: ", ")) in this order, "
                    + "in rows \(rows.lowerBound)..<\(rows.upperBound)"
            )
        }
        let width = features.count
        return try matrix.values.withUnsafeBufferPointer { values throws(LearningError) in
            try folded.predict(
                UnsafeBufferPointer(rebasing: values[rows.lowerBound * width..<rows.upperBound * width]), rows: rows.count)
        }
    }
}
