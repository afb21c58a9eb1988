import MarketData

/// A strategy that places orders in several series: asked at every close of their calendar.
package protocol PortfolioStrategy {
    /// Decides on the close of the desk's bar, in order of time, but for the last one.
    mutating func decide(_ desk: inout PortfolioDesk) throws(BacktestError)
}

/// What a portfolio strategy sees and does on a close: a desk for each series, on one cash pool.
package struct PortfolioDesk {
    var sessions: [Session]
    private let universe: Universe
    /// The bar of the calendar that has just closed.
    package private(set) var bar = 0
    /// Money not in positions.
    package private(set) var cash = 0.0
    /// Cash and all positions at the last closes.
    package private(set) var equity = 0.0

    init(universe: Universe, path: BarPath, log: TradeLog?) {
        self.universe = universe
        sessions = universe.series.enumerated().map { number, bars in
            Session(desk: Desk(bars: bars, log: log.map { SeriesLog(log: $0, series: number) }), path: path)
        }
    }

    /// The number of series.
    package var count: Int { sessions.count }

    /// The desk of series `number`, below `count`. Its bars are those of the calendar: where the series has none stands its last
    /// close, and NaN before its first one.
    package subscript(number: Int) -> Desk {
        get { sessions[number].desk }
        _modify { yield &sessions[number].desk }
    }

    /// Whether the series has a bar of its own here.
    package func hasBar(_ number: Int) -> Bool { universe.isTraded(number, bar) }

    mutating func cancelAll(_ number: Int, _ bar: Int) {
        if !sessions[number].desk.book.isEmpty { sessions[number].desk.book.cancelAll(bar: bar) }
    }

    mutating func show(_ pool: inout Pool, bar: Int) {
        self.bar = bar
        cash = pool.cash
        equity = pool.equity
        for number in sessions.indices {
            pool.lend(to: number)
            sessions[number].desk.show(pool.accounts[number].ledger, bar: bar)
        }
    }
}
