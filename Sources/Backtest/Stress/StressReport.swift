import Statistics

/// How a strategy stands shocks to its market, and the score that says it in one number.
///
/// The score of a shock is the mean of three parts, each from 0 to 1: `1 - min(1, |max drawdown| / limit)`; the share of the bars
/// until equity was at its highest for the last time; and the Sharpe ratio under the shock over that without it,
/// cut to 0...1 (1 when there was none to lose, and 0 when it is not known). The resilience score is 100 times the mean over all
/// shocks.
package struct StressReport: Sendable, Hashable {
    /// One shock's outcome.
    package struct Outcome: Sendable, Hashable {
        package let shock: Shock
        package let performance: Performance
        /// From 0 to 1.
        package let score: Double
    }

    /// Without a shock.
    package let base: Performance
    package let outcomes: [Outcome]
    /// From 0, broken by every shock, to 100, untouched by all.
    package let resilience: Double

    /// Applies each of `shocks` to `market` and runs the strategy on it anew.
    ///
    /// `drawdownLimit` is the drawdown that scores nothing. Throws what `run` throws, `E_STRESS_SHOCK` and `E_BAR_PRICE`.
    package init(
        market: [PricedBars], costs: Costs, shocks: [Shock] = Shock.suite, drawdownLimit: Double = 0.5, seed: UInt64,
        run: ([PricedBars], Costs) throws(BacktestError) -> BacktestResult
    ) throws(BacktestError) {
        let base = try Performance(run(market, costs))
        var outcomes: [Outcome] = []
        for shock in shocks {
            let (shocked, dearer) = try shock.applied(to: market, costs: costs, seed: seed)
            let result = try run(shocked, dearer)
            let performance = try Performance(result)
            let score = Self.score(performance, result.equity, base: base, limit: drawdownLimit)
            outcomes.append(Outcome(shock: shock, performance: performance, score: score))
        }
        self.base = base
        self.outcomes = outcomes
        resilience = outcomes.isEmpty ? .nan : 100 * outcomes.reduce(0) { $0 + $1.score } / Double(outcomes.count)
    }

    private static func score(_ stressed: Performance, _ equity: [Double], base: Performance, limit: Double) -> Double {
        let depth = 1 - min(1, -stressed.maxDrawdown / limit)
        let kept: Double =
            if !(base.sharpe > 0) { base.sharpe.isNaN ? 0 : 1 } else { stressed.sharpe.isNaN ? 0 : stressed.sharpe / base.sharpe }
        return (depth + recovered(equity) + min(1, max(0, kept))) / 3
    }

    /// The share of the bars until equity was at its highest for the last time.
    private static func recovered(_ equity: [Double]) -> Double {
        guard let highest = equity.max(), let last = equity.lastIndex(of: highest) else { return 0 }
        return Double(last + 1) / Double(equity.count)
    }
}
