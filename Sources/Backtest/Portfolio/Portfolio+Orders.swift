import MarketData

extension Portfolio {
    /// The event-driven path: asks `strategy` for orders at every close of the calendar and fills them in each series' bars
    /// after it, as `Engine` does for one series.
    ///
    /// When the limits close a position, the orders of its series are cancelled; when they liquidate all, all are; a split cancels
    /// those of its series that wait for a price, but for brackets. Throws what
    /// the strategy throws, and `E_COSTS_RANGE`, `E_LIMITS_RANGE`, `E_CAPITAL` or `E_INSTRUMENT`.
    package static func run<Strategy: PortfolioStrategy>(
        _ universe: Universe, strategy: Strategy, costs: Costs = .none, limits: Limits = .none, path: BarPath = .pessimistic,
        initialCapital: Double = 100_000, log: TradeLog? = nil
    ) throws(BacktestError) -> BacktestResult {
        var pool = try Pool(universe, costs: costs, limits: limits, initialCapital: initialCapital, log: log)
        var desk = PortfolioDesk(universe: universe, path: path, log: log)
        var strategy = strategy
        for bar in 0..<universe.count {
            for (number, ratio) in pool.open(bar) { desk.sessions[number].desk.book.split(ratio, bar: bar) }
            let traded = universe.series.indices.filter { universe.isTraded($0, bar) }
            if bar > 0 { trade(traded, bar, &pool, &desk) } else { for number in traded { pool.close(number, bar) } }
            pool.mark(bar)
            for number in universe.series.indices where pool.isHalted || universe.delisted[number] == bar {
                desk.cancelAll(number, bar)
            }
            guard !pool.isHalted, bar + 1 < universe.count else { continue }
            desk.show(&pool, bar: bar)
            try strategy.decide(&desk)
            for number in universe.series.indices { desk.sessions[number].renewStale(pool.accounts[number]) }
        }
        return try pool.result(log: log)
    }

    private static func trade(_ traded: [Int], _ bar: Int, _ pool: inout Pool, _ desk: inout PortfolioDesk) {
        if pool.isHalted {
            for number in traded {
                let moment = pool.moment(number, bar, pool.universe.series[number].open[bar])
                pool.with(number) { $0.ledger.close(moment, reason: .drawdownHalt) }
                pool.close(number, bar)
            }
            return
        }
        var first: [Int] = []
        var second: [Int] = []
        for number in traded {
            pool.lend(to: number)
            let bar = Session.Bar(pool.universe.series[number], bar)
            let reduces = desk.sessions[number].reducesAtOpen(bar, pool.accounts[number])
            if reduces == true { first.append(number) } else { second.append(number) }
        }
        for number in first + second {
            let bar = Session.Bar(pool.universe.series[number], bar)
            pool.with(number) { desk.sessions[number].open(bar, &$0) }
        }
        for number in traded {
            let one = Session.Bar(pool.universe.series[number], bar)
            let isLiquidated = pool.with(number) { account in
                let before = account.ledger.trades.count
                desk.sessions[number].walk(one, &account)
                return account.ledger.trades[before...].contains { $0.exitReason == .liquidation }
            }
            if isLiquidated {
                pool.liquidate(bar)
                for other in desk.sessions.indices { desk.cancelAll(other, bar) }
            }
            pool.close(number, bar)
        }
        for number in desk.sessions.indices {
            desk.sessions[number].desk.book.expire(after: bar)
            desk.sessions[number].renewStale(pool.accounts[number])
        }
    }
}
