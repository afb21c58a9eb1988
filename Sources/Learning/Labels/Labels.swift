import Diagnostics
package import MarketData

/// What a model learns to predict, computed from later prices.
package enum Labels {
    /// The longest horizon in bars.
    package static let maximumHorizon = 5_000

    /// The return of holding for `horizon` bars: closes[t + horizon]/closes[t] - 1, NaN in the last `horizon` rows.
    ///
    /// Give adjusted closes. Throws `E_LABEL_HORIZON` unless the horizon is in 1...5000.
    package static func forwardReturns(_ closes: [Double], horizon: Int) throws(LearningError) -> [Double] {
        guard (1...maximumHorizon).contains(horizon) else {
            throw LearningError(
                .labelHorizon, "a label's horizon is from 1 to \(maximumHorizon) bars, not \(horizon)",
                place: .key("/strategy/label/forwardReturn"))
        }
        var labels = [Double](repeating: .nan, count: closes.count)
        for row in 0..<max(0, closes.count - horizon) { labels[row] = closes[row + horizon] / closes[row] - 1 }
        return labels
    }

    /// The class of each forward return: 1 where it is above zero, 0 where it is not, NaN where there is none.
    package static func directions(_ forwardReturns: [Double]) -> [Double] {
        forwardReturns.map { $0.isNaN ? .nan : ($0 > 0 ? 1 : 0) }
    }

    /// The rows of `rows` that can be learned from: all features finite, and a finite label.
    package static func usableRows(_ features: FeatureMatrix, labels: [Double], in rows: Range<Int>) -> [Int] {
        rows.clamped(to: 0..<min(features.rows, labels.count)).filter { labels[$0].isFinite && features.isComplete($0) }
    }
}
