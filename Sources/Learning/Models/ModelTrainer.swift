import Diagnostics
package import MarketData

/// Fits models by recipe.
package enum ModelTrainer {
    /// Fits on the usable rows of `rows`; see `TrainingSet` for `closes`, `labelEnd` and which rows are usable.
    ///
    /// Throws `E_FEATURE_WIDTH` unless `features` has the recipe's features in their order, and what `TrainingSet` and the fits
    /// throw.
    package static func fit(
        _ recipe: ModelRecipe, features: FeatureMatrix, closes: [Double], rows: Range<Int>, labelEnd: Int? = nil
    ) throws(LearningError) -> TrainedModel {
        guard features.names == recipe.features else {
            throw LearningError(
                .featureWidth,
                "the matrix does not hold \(recipe.features.map(\.description).joined(separator: ", ")) in this order"
            )
        }
        let set = try TrainingSet(
            kind: recipe.kind, horizon: recipe.horizon, features: features, closes: closes, rows: rows, labelEnd: labelEnd)
        return try fit(recipe, on: set)
    }

    /// Fits on rows that are gathered already, as for several penalties on the same window. Throws what the fits throw.
    package static func fit(_ recipe: ModelRecipe, on set: TrainingSet) throws(LearningError) -> TrainedModel {
        guard set.rows.count > recipe.features.count else {
            throw LearningError(
                .trainRows, "\(set.rows.count) usable rows are too few for \(recipe.features.count) features",
                place: .key("/walkForward/train"), hint: "use a longer train range, or features with a shorter memory")
        }
        try TrainingRules.check(l2: recipe.l2)
        let scaler = try Scaler.fit(set.x)
        let x = try scaler.transform(set.x)
        let model =
            switch recipe.kind {
            // Scaled columns are centred, and the rows of a training set are finite.
            case .ridge: try RidgeRegression.solve(centred: x, y: set.y, l2: recipe.l2)
            case .logistic: try LogisticRegression.fit(x: x, y: set.y, l2: recipe.l2)
            }
        return try TrainedModel(features: recipe.features, scaler: scaler, horizon: recipe.horizon, model: model)
    }
}
