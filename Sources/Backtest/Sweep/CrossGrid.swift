import MarketData

/// All pairs of a fast and a slow moving average over one series: the averages are computed once and shared.
package struct CrossGrid: Sendable {
    private let prices: PricedBars
    private let periods: ClosedRange<Int>
    private let costs: Costs
    private let limits: Limits
    private let short: Bool
    /// The mean close of each period's bars.
    private let averages: [[Double]]

    /// The fast and the slow period of each combination, in order of the fast one, then of the slow one.
    package let pairs: [(fast: Int, slow: Int)]

    /// Takes the pairs of different `periods`, in bars, from 1 up.
    package init(
        _ prices: PricedBars, periods: ClosedRange<Int>, short: Bool = false, costs: Costs = .none, limits: Limits = .none
    ) {
        self.prices = prices
        self.periods = max(1, periods.lowerBound)...max(1, periods.upperBound)
        self.short = short
        self.costs = costs
        self.limits = limits
        let closes = prices.bars.close
        averages = self.periods.map { RuleStrategy.movingAverage(closes, period: $0) }
        let all = self.periods
        pairs = all.flatMap { fast in all.filter { $0 > fast }.map { (fast, $0) } }
    }

    /// Runs the combinations of `range`, an index range of `pairs`. Throws what `Engine.run` throws.
    package func results(_ range: Range<Int>) throws(BacktestError) -> [SweepResult] {
        var results: [SweepResult] = []
        results.reserveCapacity(range.count)
        for pair in pairs[range] {
            let targets = RuleStrategy.crossTargets(
                averages[pair.fast - periods.lowerBound], averages[pair.slow - periods.lowerBound], slow: pair.slow, short: short)
            let run = try Engine.run(prices, targets: targets, costs: costs, limits: limits)
            results.append(SweepResult(returns: run.returns))
        }
        return results
    }
}
