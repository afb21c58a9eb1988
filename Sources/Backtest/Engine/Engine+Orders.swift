import MarketData

extension Engine {
    /// The event-driven path: asks `strategy` for orders at every close and fills them in the bars after it.
    ///
    /// - **At the open** market orders come first, then those whose price the open has reached, each in the order they were
    ///   placed, all at the open. Then the limits' own stop and liquidation.
    /// - **Inside the bar** the price walks along `path`, and an order is filled at its price when the walk gets there; orders of
    ///   a bracket live from the fill that they protect.
    /// - **At the close** come the orders for the close.
    /// - Orders beyond `maxPosition` are cut to it. When the limits close the position, all orders are cancelled.
    ///
    /// Throws what the strategy throws, and `E_COSTS_RANGE`, `E_LIMITS_RANGE` or `E_CAPITAL`.
    package static func run<Strategy: OrderStrategy>(
        _ prices: PricedBars, strategy: Strategy, costs: Costs = .none, limits: Limits = .none, path: BarPath = .pessimistic,
        initialCapital: Double = 100_000, log: TradeLog? = nil
    ) throws(BacktestError) -> BacktestResult {
        let bars = prices.bars
        let account = try open(bars, costs, limits, initialCapital, log)
        var strategy = strategy
        var session = Session(account: account, desk: Desk(bars: bars, log: log), path: path)
        for i in 0..<bars.count {
            session.trade(Session.Bar(bars, i), before: i > 0 ? Session.Bar(bars, i - 1) : nil)
            if i + 1 < bars.count { try session.ask(&strategy, bar: i) }
        }
        return session.account.result(times: bars.time, closes: bars.close)
    }
}
