import MarketData

/// What a strategy did on a series, bar by bar: everything that a look ahead would show in.
package struct StrategyTrace: Sendable, Hashable {
    /// A fill that was decided before its bar.
    package struct Fill: Sendable, Hashable {
        package let bar: Int
        /// Bought when positive.
        package let shares: Double
        package let price: Double

        package init(bar: Int, shares: Double, price: Double) {
            self.bar = bar
            self.shares = shares
            self.price = price
        }
    }

    /// A column with a value at each bar, known at its close: a feature, a prediction, a decision.
    package struct Column: Sendable, Hashable {
        package let name: String
        package let values: [Double]

        package init(_ name: String, _ values: [Double]) {
            self.name = name
            self.values = values
        }
    }

    package var columns: [Column]
    /// Fills at the market. Those of stops and limits depend on the bar they happen in and are left out.
    package var fills: [Fill]

    package init(columns: [Column], fills: [Fill]) {
        self.columns = columns
        self.fills = fills
    }

    /// What `rule` does through the engine.
    package init(
        of rule: RuleStrategy, over prices: PricedBars, costs: Costs = .none, limits: Limits = .none
    ) throws(BacktestError) {
        let targets = try rule.targets(bars: prices.bars)
        try self.init(
            columns: [Column("decision", targets)], targets: targets, over: prices, costs: costs, limits: limits)
    }

    /// The columns as they are, and the fills of `targets` through the engine.
    package init(
        columns: [Column], targets: [Double], over prices: PricedBars, costs: Costs = .none, limits: Limits = .none
    ) throws(BacktestError) {
        let log = TradeLog(initialCapital: 100_000)
        _ = try Engine.run(prices, targets: targets, costs: costs, limits: limits, log: log)
        self.columns = columns
        fills = try TradeReplay(log.bytes).records.compactMap { record in
            guard case .fill(_, let bar, _, let shares, let price, _, .target) = record else { return nil }
            return Fill(bar: bar, shares: shares, price: price)
        }
    }
}
