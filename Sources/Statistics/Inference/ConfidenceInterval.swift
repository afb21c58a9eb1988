/// A range that holds the true value with a stated probability; its ends are NaN when they are not known.
package struct ConfidenceInterval: Sendable, Hashable, Codable {
    package let lower: Double
    package let upper: Double
    /// The probability with which the interval holds the true value, such as 0.95.
    package let confidence: Double

    package init(lower: Double, upper: Double, confidence: Double) {
        self.lower = lower
        self.upper = upper
        self.confidence = confidence
    }

    /// The interval of a normally distributed estimate: `estimate` ± z `standardError`.
    package init(estimate: Double, standardError: Double, confidence: Double) {
        let reach = -Normal.quantile((1 - confidence) / 2) * standardError
        self.init(lower: estimate - reach, upper: estimate + reach, confidence: confidence)
    }

    /// The interval between the outer quantiles (type 7) of a statistic's bootstrap replications.
    package init(replications: [Double], confidence: Double) {
        let outside = (1 - confidence) / 2
        let known = replications.filter { !$0.isNaN }.sorted()
        self.init(
            lower: Quantile.type7(sorted: known, outside), upper: Quantile.type7(sorted: known, 1 - outside),
            confidence: confidence)
    }

    package func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}
