/// What a hypothesis test found.
package struct TestResult: Sendable, Hashable, Codable {
    /// The test statistic.
    package let statistic: Double
    /// The two-sided probability of a statistic at least this extreme when the hypothesis is true.
    package let pValue: Double

    package init(statistic: Double, pValue: Double) {
        self.statistic = statistic
        self.pValue = pValue
    }
}
