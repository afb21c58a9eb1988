import Diagnostics
import Statistics

/// How many different ideas a study's trials are: trials whose returns move together are one idea tried many times.
///
/// Bailey and López de Prado, "The deflated Sharpe ratio", 2014, appendix 3; López de Prado and Lewis, "Detection of false
/// investment strategies using unsupervised learning methods", 2019.
package struct EffectiveTrials: Sendable, Hashable {
    /// The number of all trials.
    package let trials: Int
    /// The cluster of each trial, numbered from 0.
    package let clusters: [Int]
    /// The number of clusters.
    package let count: Int
    /// The Sharpe ratio per period of each cluster's mean return; NaN for one that never changes.
    package let clusterSharpes: [Double]
    /// ρ̄ + (1 - ρ̄) N with ρ̄ the trials' mean correlation: the count without clustering, for comparison.
    package let byMeanCorrelation: Double

    /// The mean correlation at and above which two groups of trials are one idea.
    package static let sameIdea = 0.5

    /// Clusters `returns`, one series of equal length for each trial, by average linkage on √(½(1 - ρ)).
    ///
    /// Throws `E_TRIALS_SHAPE` when there is no trial or the lengths differ, and `E_RETURNS_NOT_FINITE`.
    package init(returns: [[Double]]) throws(BacktestError) {
        try BacktestError.checkTrials(returns)
        let correlations = CorrelationMatrix(returns)
        let cut = (0.5 * (1 - Self.sameIdea)).squareRoot()
        clusters = AverageLinkage.groups(count: returns.count, cut: cut) { i, j in
            (0.5 * (1 - correlations[i, j])).squareRoot()
        }
        trials = returns.count
        count = (clusters.max() ?? -1) + 1
        let mean = correlations.meanOffDiagonal
        byMeanCorrelation = trials > 1 ? mean + (1 - mean) * Double(trials) : 1
        var sums = [[Double]](repeating: [Double](repeating: 0, count: returns[0].count), count: count)
        for (trial, cluster) in clusters.enumerated() {
            for (i, value) in returns[trial].enumerated() { sums[cluster][i] += value }
        }
        // The ratio of a sum is that of the mean.
        clusterSharpes = sums.map { SharpeInference.sharpe(of: Moments($0)) }
    }
}

extension BacktestError {
    /// Throws `E_TRIALS_SHAPE` unless there is a trial and all have as many returns, and `E_RETURNS_NOT_FINITE`, placed at the
    /// trial and the return.
    static func checkTrials(_ returns: [[Double]]) throws(BacktestError) {
        guard let length = returns.first?.count else {
            throw BacktestError(.trialsShape, "there are no trials", hint: "give one series of returns for each trial")
        }
        for (trial, series) in returns.enumerated() {
            guard series.count == length else {
                throw BacktestError(
                    .trialsShape, "trial \(trial) has \(series.count) returns, but the first one has \(length)",
                    place: .key("/\(trial)"), hint: "all trials are judged on the same periods")
            }
            if let i = series.firstIndex(where: { !$0.isFinite }) {
                throw BacktestError(.returnsNotFinite, "return \(i) is \(series[i])", place: .key("/\(trial)/\(i)"))
            }
        }
    }
}
