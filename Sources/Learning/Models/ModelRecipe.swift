package import MarketData

/// Everything that has to be chosen before a model can be fitted.
package struct ModelRecipe: Sendable, Hashable, Codable {
    package var kind: LinearModel.Kind
    /// The penalty on the weights of the scaled features; zero or above.
    package var l2: Double
    package var features: [FeatureName]
    /// Bars that the label looks ahead.
    package var horizon: Int

    package init(kind: LinearModel.Kind, l2: Double, features: [FeatureName], horizon: Int) {
        self.kind = kind
        self.l2 = l2
        self.features = features
        self.horizon = horizon
    }
}
