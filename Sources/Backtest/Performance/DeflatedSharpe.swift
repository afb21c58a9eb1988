import Statistics

/// What the best of many trials is worth, counted twice: as if every trial were an idea of its own, and by clusters of trials
/// that move together.
package struct DeflatedSharpe: Sendable, Hashable {
    /// The chosen trial: the one with the highest Sharpe ratio, of equal ones the first.
    package let best: Int
    /// The number of all trials.
    package let trials: Int
    /// The number of clusters of trials.
    package let effectiveTrials: Int
    /// The deflated Sharpe ratio with the number of all trials.
    package let raw: Double
    /// The deflated Sharpe ratio with the number of clusters, and the variance of the clusters' Sharpe ratios.
    package let effective: Double

    /// Picks the best of `returns`, one series of equal length for each trial, and deflates it.
    ///
    /// Throws `E_TRIALS_SHAPE` and `E_RETURNS_NOT_FINITE`.
    package init(returns: [[Double]]) throws(BacktestError) {
        let clusters = try EffectiveTrials(returns: returns)
        let moments = returns.map { Moments($0) }
        let sharpes = moments.map(SharpeInference.sharpe(of:))
        var best = 0
        for trial in sharpes.indices where !(sharpes[trial] <= sharpes[best]) && !sharpes[trial].isNaN { best = trial }
        func deflated(_ trials: [Double]) -> Double {
            SharpeInference.deflatedSharpe(
                sharpePerPeriod: sharpes[best], skew: moments[best].skewness, kurtosis: moments[best].kurtosis,
                periods: moments[best].count, trialSharpesPerPeriod: trials)
        }
        self.best = best
        trials = returns.count
        effectiveTrials = clusters.count
        raw = deflated(sharpes)
        effective = deflated(clusters.clusterSharpes)
    }
}
