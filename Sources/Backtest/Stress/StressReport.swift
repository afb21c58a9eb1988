import Statistics

/// How a strategy stands shocks to its market, and the score that says it in one number: the resilience score is 100 times the
/// mean of the shocks' scores (see `ShockMeasure`).
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
            let score = ShockMeasure(
                sharpe: performance.sharpe, maxDrawdown: performance.maxDrawdown, recovered: result.recoveredShare
            ).score(baseSharpe: base.sharpe, drawdownLimit: drawdownLimit)
            outcomes.append(Outcome(shock: shock, performance: performance, score: score))
        }
        self.base = base
        self.outcomes = outcomes
        resilience = outcomes.isEmpty ? .nan : 100 * outcomes.reduce(0) { $0 + $1.score } / Double(outcomes.count)
    }
}
