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
        var (account, record) = try open(bars, costs, limits, initialCapital, log)
        var strategy = strategy
        var session = Session(desk: Desk(bars: bars, log: account.ledger.log), path: path)
        for i in 0..<bars.count {
            let bar = Session.Bar(bars, i)
            if i > 0 { trade(bar, before: Session.Bar(bars, i - 1), &session, &account, isHalted: record.halted != nil) }
            account.mark(bar.moment(bar.close), in: &record)
            if record.halted != nil {
                if !session.desk.book.isEmpty { session.desk.book.cancelAll(bar: i) }
            } else if i + 1 < bars.count {
                session.desk.show(account.ledger, bar: i)
                try strategy.decide(&session.desk)
                session.renewStale(account)
            }
        }
        return close(bars, &account, record)
    }

    /// Takes the account through a bar, from what held it open overnight to its close.
    private static func trade(
        _ bar: Session.Bar, before: Session.Bar, _ session: inout Session, _ account: inout Account, isHalted: Bool
    ) {
        if account.ledger.costs.hasFinancing {
            account.ledger.finance(price: before.close, days: Double(bar.time - before.time) / 86_400_000, index: bar.index)
        }
        guard !isHalted else { return account.ledger.close(bar.moment(bar.open), reason: .drawdownHalt) }
        if session.isTouched(by: bar, account) {
            session.open(bar, &account)
            session.walk(bar, &account)
        }
        session.desk.book.expire(after: bar.index)
        session.renewStale(account)
    }
}
