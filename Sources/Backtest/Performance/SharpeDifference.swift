import Foundation
import Statistics

/// The difference of two Sharpe ratios per period, measured on the same periods, and whether it may be luck.
package struct SharpeDifference: Sendable, Hashable {
    /// The first Sharpe ratio less the second, both with standard deviations of ddof 0.
    package let difference: Double
    package let standardError: Double
    /// The two-sided probability of a difference at least this large when there is none.
    package let pValue: Double

    /// For returns that are normal and independent in time (Jobson and Korkie, 1981, as corrected by Memmel, "Performance
    /// hypothesis testing with the Sharpe ratio", Finance Letters 1, 2003):
    /// V = [2 - 2ρ + ½ (SR1² + SR2² - 2 SR1 SR2 ρ²)]/n. NaN when the lengths differ or a series is constant.
    package static func memmel(_ x: [Double], _ y: [Double]) -> SharpeDifference {
        guard let moments = RatioMoments(x, y) else { return .unknown }
        let rho = Correlation.pearson(x, y)
        let first = moments.first, second = moments.second
        let variance = 2 - 2 * rho + 0.5 * (first * first + second * second - 2 * first * second * rho * rho)
        return SharpeDifference(first - second, error: (max(0, variance) / Double(x.count)).squareRoot())
    }

    /// For returns with any tails and with autocorrelation: the delta method on a Newey-West long-run variance (Ledoit and
    /// Wolf, "Robust performance hypothesis testing with the Sharpe ratio", Journal of Empirical Finance 15, 2008).
    ///
    /// `lags` is `NeweyWest.defaultLags` unless given; the variance is scaled by n/(n - 4) as in the paper.
    package static func ledoitWolf(_ x: [Double], _ y: [Double], lags: Int? = nil) -> SharpeDifference {
        guard x.count > 4, let moments = RatioMoments(x, y) else { return .unknown }
        let n = Double(x.count)
        let variance = NeweyWest.longRunVariance(
            moments.influence(x, y), lags: lags ?? NeweyWest.defaultLags(count: x.count))
        return SharpeDifference(moments.first - moments.second, error: (variance / (n - 4)).squareRoot())
    }

    /// The same with the probability from a studentised circular block bootstrap, which holds its level in small samples.
    ///
    /// `blockLength` is the optimal one of the influence series unless given.
    package static func ledoitWolfBootstrap(
        _ x: [Double], _ y: [Double], blockLength: Int? = nil, replications: Int = 1000, seed: UInt64
    ) -> SharpeDifference {
        let plain = ledoitWolf(x, y)
        guard plain.standardError > 0, let moments = RatioMoments(x, y) else { return plain }
        let automatic = Int(BlockLength(optimalFor: moments.influence(x, y)).circular.rounded())
        let length = min(max(1, blockLength ?? automatic), x.count)
        let blocks = x.count / length
        let observed = abs(plain.difference) / plain.standardError
        var generator = SplitMix64(seed: seed)
        var beyond = 0
        var first = [Double](repeating: 0, count: blocks * length), second = first
        for _ in 0..<max(1, replications) {
            for block in 0..<blocks {
                var position = Int(generator.integer(below: UInt64(x.count)))
                for i in block * length..<(block + 1) * length {
                    (first[i], second[i]) = (x[position], y[position])
                    position = position + 1 == x.count ? 0 : position + 1
                }
            }
            guard let resampled = RatioMoments(first, second) else { continue }
            let error = blockError(resampled.influence(first, second), length: length, blocks: blocks)
            if abs(resampled.first - resampled.second - plain.difference) >= observed * error { beyond += 1 }
        }
        return SharpeDifference(
            difference: plain.difference, standardError: plain.standardError,
            pValue: Double(beyond + 1) / Double(max(1, replications) + 1))
    }

    /// The standard error that a resample gives itself: from the sums of its blocks.
    private static func blockError(_ influence: [Double], length: Int, blocks: Int) -> Double {
        var squares = 0.0
        for block in 0..<blocks {
            var sum = 0.0
            for i in block * length..<(block + 1) * length { sum += influence[i] }
            squares += sum * sum
        }
        return squares.squareRoot() / Double(blocks * length)
    }

    private static let unknown = SharpeDifference(difference: .nan, standardError: .nan, pValue: .nan)

    private init(_ difference: Double, error: Double) {
        self.init(difference: difference, standardError: error, pValue: 2 * Normal.survival(abs(difference / error)))
    }

    private init(difference: Double, standardError: Double, pValue: Double) {
        self.difference = difference
        self.standardError = standardError
        self.pValue = pValue
    }
}

/// The moments behind two Sharpe ratios, and how much each period moves the ratios' difference.
private struct RatioMoments {
    let first: Double
    let second: Double
    private let meanX, meanY, varianceX, varianceY: Double

    /// Nil when the lengths differ, or when a series is constant or not finite.
    init?(_ x: [Double], _ y: [Double]) {
        guard x.count == y.count else { return nil }
        let one = Moments(x), other = Moments(y)
        (meanX, meanY) = (one.mean, other.mean)
        (varianceX, varianceY) = (one.variance(ddof: 0), other.variance(ddof: 0))
        guard varianceX > 0, varianceY > 0, varianceX < .infinity, varianceY < .infinity else { return nil }
        first = meanX / varianceX.squareRoot()
        second = meanY / varianceY.squareRoot()
    }

    /// The gradient of the difference, in means and uncentred second moments, times each period's deviations from these.
    func influence(_ x: [Double], _ y: [Double]) -> [Double] {
        let secondX = varianceX + meanX * meanX, secondY = varianceY + meanY * meanY
        let scaleX = 1 / (varianceX * varianceX.squareRoot()), scaleY = 1 / (varianceY * varianceY.squareRoot())
        return zip(x, y).map { x, y in
            scaleX * (secondX * (x - meanX) - 0.5 * meanX * (x * x - secondX))
                - scaleY * (secondY * (y - meanY) - 0.5 * meanY * (y * y - secondY))
        }
    }
}
