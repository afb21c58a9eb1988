import Foundation
import Statistics

/// Returns beside those of a benchmark over the same periods; definitions of empyrical.
package struct BenchmarkComparison: Sendable, Hashable {
    /// The benchmark's share in the returns: covariance over the benchmark's variance; NaN for a constant benchmark.
    package let beta: Double
    /// (1 + mean(r - β b))^periodsPerYear - 1.
    package let alpha: Double
    package let correlation: Double
    /// The standard deviation (ddof 1) of the returns less the benchmark's, a year.
    package let trackingError: Double
    /// The mean of the returns less the benchmark's over their standard deviation, a year; NaN where they never differ.
    package let informationRatio: Double

    /// Throws `E_TRIALS_SHAPE` unless the two are of one length, and `E_RETURNS_NOT_FINITE`.
    package init(returns: [Double], benchmark: [Double], periodsPerYear: Double = 252) throws(BacktestError) {
        try BacktestError.checkTrials([returns, benchmark])
        let x = Moments(benchmark), y = Moments(returns)
        var product = CompensatedSum()
        for (r, b) in zip(returns, benchmark) { product.add((r - y.mean) * (b - x.mean)) }
        let square = x.variance(ddof: 0) * Double(x.count)
        beta = square > 0 ? product.value / square : .nan
        alpha = pow(1 + y.mean - beta * x.mean, periodsPerYear) - 1
        correlation = Correlation.pearson(returns, benchmark)
        let active = Moments(zip(returns, benchmark).map { $0 - $1 })
        let deviation = active.standardDeviation()
        trackingError = deviation * periodsPerYear.squareRoot()
        informationRatio = deviation > 0 ? active.mean / deviation * periodsPerYear.squareRoot() : .nan
    }
}
