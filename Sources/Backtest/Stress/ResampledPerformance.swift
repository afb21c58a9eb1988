import Diagnostics
package import Statistics

/// What a run might have been: its returns in other orders of blocks, or its trades drawn anew.
package struct ResampledPerformance: Sendable, Hashable {
    /// One result for each replication, in the order they were drawn.
    package let results: [SweepResult]

    /// Resamples returns in blocks by the stationary bootstrap, so that their autocorrelation survives; `meanBlockLength` is the
    /// optimal one unless given. Throws `E_RETURNS_NOT_FINITE`.
    package init(
        returns: [Double], meanBlockLength: Double? = nil, replications: Int = 1000, periodsPerYear: Double = 252, seed: UInt64
    ) throws(BacktestError) {
        if let i = returns.firstIndex(where: { !$0.isFinite }) {
            throw BacktestError(.returnsNotFinite, "return \(i) is \(returns[i])", place: .offset(i))
        }
        let length = meanBlockLength ?? BlockLength(optimalFor: returns).stationary
        var bootstrap = StationaryBootstrap(meanBlockLength: length, seed: seed)
        results = (0..<max(0, replications)).map { _ in
            SweepResult(returns: bootstrap.indices(count: returns.count).map { returns[$0] }, periodsPerYear: periodsPerYear)
        }
    }

    /// Draws as many trades as there were, with replacement, each with its return on the whole equity; the Sharpe ratios are of
    /// trades and not annualised.
    package init(trades: [Trade], initialCapital: Double, replications: Int = 1000, seed: UInt64) {
        var bootstrap = StationaryBootstrap(meanBlockLength: 1, seed: seed)
        // Equity before each trade, as if they came one after the other.
        var equity = initialCapital
        let returns = trades.map { trade in
            defer { equity += trade.pnl }
            return equity > 0 ? trade.pnl / equity : 0
        }
        results = (0..<max(0, replications)).map { _ in
            SweepResult(returns: bootstrap.indices(count: returns.count).map { returns[$0] }, periodsPerYear: 1)
        }
    }

    /// The range of a number over all replications, such as `\.maxDrawdown`, at the given confidence.
    package func interval(_ number: (SweepResult) -> Double, confidence: Double = 0.95) -> ConfidenceInterval {
        ConfidenceInterval(replications: results.map(number), confidence: confidence)
    }
}
