import Foundation

/// The test of a mean that allows for autocorrelation and changing variance.
///
/// Newey and West, "A simple, positive semi-definite, heteroskedasticity and autocorrelation consistent covariance
/// matrix", Econometrica 55, 1987.
package enum NeweyWest {
    /// The usual lag ⌊4 (n/100)^(2/9)⌋ for a sample of `count` values.
    package static func defaultLags(count: Int) -> Int {
        count > 0 ? Int(4 * pow(Double(count) / 100, 2.0 / 9)) : 0
    }

    /// γ0 + 2 Σ (1 - j/(L+1)) γj with autocovariances over n; `lags` beyond the sample count as the sample's last.
    package static func longRunVariance(_ values: [Double], lags: Int) -> Double {
        guard !values.isEmpty else { return .nan }
        let n = Double(values.count)
        let mean = CompensatedSum.of(values) / n
        let deviations = values.map { $0 - mean }
        let lags = max(0, min(lags, values.count - 1))
        var total = 0.0
        for lag in 0...lags {
            var product = CompensatedSum()
            for i in lag..<deviations.count { product.add(deviations[i] * deviations[i - lag]) }
            let weight = lag == 0 ? 1 : 2 * (1 - Double(lag) / Double(lags + 1))
            total += weight * product.value / n
        }
        return total
    }

    /// Tests that the mean is zero: t = x̄ / √(LRV / n), its probability from the normal distribution.
    package static func test(_ values: [Double], lags: Int? = nil) -> TestResult {
        let n = Double(values.count)
        let variance = longRunVariance(values, lags: lags ?? defaultLags(count: values.count))
        let statistic = CompensatedSum.of(values) / n / (variance / n).squareRoot()
        return TestResult(statistic: statistic, pValue: 2 * Normal.survival(abs(statistic)))
    }
}
