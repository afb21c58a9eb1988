import MarketData

/// Runs many settings of a rule over the same market, with what they share computed once.
///
/// The result of a setting is that of a run of its own, to the last bit, in whatever order settings come.
package struct RuleSweep {
    private let market: [PricedBars]
    private let costs: Costs
    private let limits: Limits
    /// Averages of one series' closes by period; started over when they fill `averagesLimit` bytes.
    private var averages: [Int: [Double]] = [:]

    private static let averagesLimit = 64 << 20

    /// `market` is one series, or several that share the capital. Throws `E_PORTFOLIO_EMPTY`.
    package init(_ market: [PricedBars], costs: Costs = .none, limits: Limits = .none) throws(BacktestError) {
        guard !market.isEmpty else { throw BacktestError(.portfolioEmpty, "a sweep needs at least one series") }
        self.market = market
        self.costs = costs
        self.limits = limits
    }

    /// Throws what the rule and the engine throw.
    package mutating func result(of rule: RuleStrategy) throws(BacktestError) -> SweepResult {
        guard market.count == 1 else { return SweepResult(returns: try portfolio(rule).returns) }
        let prices = market[0]
        let targets: [Double]
        if case .movingAverageCross(let fast, let slow, let short) = rule, fast > 0, slow > 0 {
            targets = RuleStrategy.crossTargets(
                average(fast, prices), average(slow, prices), slow: max(fast, slow), short: short)
        } else {
            targets = try rule.targets(bars: prices.bars)
        }
        return SweepResult(returns: try Engine.run(prices, targets: targets, costs: costs, limits: limits).returns)
    }

    private func portfolio(_ rule: RuleStrategy) throws(BacktestError) -> BacktestResult {
        var signals: [[Double]] = []
        for prices in market { signals.append(try rule.targets(bars: prices.bars)) }
        let universe = try Universe(market.map(\.bars))
        let allocation = try Allocation(signals: signals, universe: universe, limits: limits)
        return try Portfolio.run(universe, allocation, costs: costs, limits: limits)
    }

    private mutating func average(_ period: Int, _ prices: PricedBars) -> [Double] {
        if let known = averages[period] { return known }
        if averages.count * prices.count * 8 > Self.averagesLimit { averages = [:] }
        let average = RuleStrategy.movingAverage(prices.bars.close, period: period)
        averages[period] = average
        return average
    }
}
