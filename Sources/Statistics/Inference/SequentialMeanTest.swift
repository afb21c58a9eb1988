/// A test that watches a growing series and may say at any look that its mean is above zero.
///
/// If the mean is zero or less, it says so over all looks together with a probability of at most `boundary.level`. Each look
/// compares Student's t of the mean, its variance enlarged by what the series' autocorrelation makes of it, with the boundary
/// by way of their tail probabilities.
package struct SequentialMeanTest: Sendable, Hashable {
    package let boundary: SpendingBoundary

    package init(boundary: SpendingBoundary) { self.boundary = boundary }

    /// What a look found.
    package struct Look: Sendable, Hashable {
        /// The mean so far.
        package let mean: Double
        /// The probability of such a mean if the true one were zero.
        package let pValue: Double
        /// The probability below which the test says that the mean is above zero.
        package let threshold: Double
        package var isAboveZero: Bool { pValue < threshold }
    }

    /// Looks at the series so far; nil when its length is no look, or too short to tell. `correlation` is what is known from
    /// other series of the kind.
    package func look(at values: [Double], correlation: SerialCorrelation = SerialCorrelation()) -> Look? {
        guard values.count > 1, let limit = boundary.value(after: values.count) else { return nil }
        let moments = Moments(values)
        let n = Double(values.count)
        let threshold = Normal.survival(limit)
        let deviation = moments.standardDeviation()
        guard deviation > 0 else {
            return Look(mean: moments.mean, pValue: moments.mean > 0 ? 0 : 1, threshold: threshold)
        }
        let correlation = correlation.value(with: values)
        let inflation = SerialCorrelation.inflation(correlation, values.count)
        // The sample's own variance is too small by what its mean has followed.
        let variance = deviation * deviation * inflation * (n - 1) / max(n - inflation, 0.5)
        // A variance from correlated values rests on fewer of them: Bartlett, 1946.
        let degrees = (n - 1) * (1 - correlation * correlation) / (1 + correlation * correlation)
        let statistic = moments.mean / (variance / n).squareRoot()
        return Look(
            mean: moments.mean, pValue: StudentT.survival(statistic, degrees: max(1, degrees)), threshold: threshold)
    }
}
