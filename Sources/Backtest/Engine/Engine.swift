import Diagnostics
package import MarketData

/// Turns positions or orders into fills, equity and trades, bar by bar.
///
/// There are two paths over one accounting. This one is for strategies that are a position per bar, decided in advance; the
/// other (`run` with a strategy) asks a strategy for orders at every close. A strategy that can run on both has the same result.
///
/// ## Rules
/// - **Prices** are the bars' adjusted prices, so dividends and splits are earned and not traded.
/// - **Decision and fill.** `targets[i]` is decided on bar i's close and filled at the open of bar i + 1. The last bar's
///   target is never filled. Nothing of a bar after i can change anything at or before i.
/// - **Target.** A signed fraction of equity, cut to ±`maxPosition`; 0 is flat, below zero is short. The position is sized
///   when the target changes, so that its value at the open is exactly the target times the equity left after the fill's
///   costs: a target of 1 spends all cash and borrows none. While the target stays the same the number of shares stays
///   the same, and the fraction drifts with the price. Shares may be fractions.
/// - **Costs.** A buy pays price × (1 + w), a sale gets price × (1 - w), where w is slippage, half the spread and impact; both
///   pay commission on that value. Borrowed shares and borrowed cash are paid for at each open, for the days since the bar
///   before. A minimum commission and impact come on top of what sizing counts with.
/// - **Volume cap.** With `participation` a fill takes at most that share of the bar's volume; the rest of the shares is carried
///   on to the next opens, until the target changes.
/// - **Stop loss.** The stop stands at the average price of the trade's entry fills, less (short: plus) `stopLoss` of it.
///   When a bar's low (short: high) reaches it, the position is closed there, or at the bar's open if that is already
///   beyond, slippage and commission on top. It works on the entry bar too. Afterwards the strategy stays flat until
///   its target changes.
/// - **Liquidation.** With a maintenance margin the position is closed like by a stop, at the price where equity is that share of
///   the position's value.
/// - **Drawdown halt.** When equity at a close is `maxDrawdown` or more below its highest close (the initial capital
///   counts as one), the position is closed at the next open and nothing is traded again.
/// - **Ruin.** When equity at a close is zero or less, the position is closed at that close and nothing is traded again.
/// - **Equity** is cash plus position at each close, before any cost of leaving. Cash earns nothing.
/// - **End.** A position open at the end is valued at the last close, and its trade is listed as ended there with
///   `exitReason` endOfData. So the trades' pnl always add up to final equity less initial capital.
package enum Engine {
    /// Runs `targets` over `bars`, one target per bar, in one pass.
    ///
    /// Throws `E_COSTS_RANGE`, `E_LIMITS_RANGE`, `E_CAPITAL`, `E_TARGETS_COUNT`, `E_TARGET_NOT_FINITE` or `E_BAR_PRICE`.
    package static func run(
        bars: Bars, targets: [Double], costs: Costs = .none, limits: Limits = .none, initialCapital: Double = 100_000
    ) throws(BacktestError) -> BacktestResult {
        return try run(PricedBars(bars), targets: targets, costs: costs, limits: limits, initialCapital: initialCapital)
    }

    /// The same over bars that are checked already, and with a log of every order and fill when one is given.
    package static func run(
        _ prices: PricedBars, targets: [Double], costs: Costs = .none, limits: Limits = .none, initialCapital: Double = 100_000,
        log: TradeLog? = nil
    ) throws(BacktestError) -> BacktestResult {
        let bars = prices.bars
        guard targets.count == bars.count else {
            throw BacktestError(.targetsCount, "\(targets.count) targets for \(bars.count) bars of \(bars.symbol)")
        }
        if !areFinite(targets), let i = targets.firstIndex(where: { !$0.isFinite }) {
            throw BacktestError(.targetNotFinite, "the target is \(targets[i])", place: .offset(i))
        }
        var (account, record) = try open(bars, costs, limits, initialCapital, log)
        trade(bars, targets, &account, &record)
        return close(bars, &account, record)
    }

    /// Throws `E_COSTS_RANGE`, `E_LIMITS_RANGE` or `E_CAPITAL`.
    static func open(
        _ bars: Bars, _ costs: Costs, _ limits: Limits, _ initialCapital: Double, _ log: TradeLog?
    ) throws(BacktestError) -> (account: Account, record: EquityRecord) {
        try check(costs, limits, initialCapital)
        log?.begin([bars.symbol])
        let ledger = Ledger(
            capital: initialCapital, costs: costs, symbol: bars.symbol, log: log.map { SeriesLog(log: $0, series: 0) })
        return (
            Account(ledger: ledger, limits: limits),
            EquityRecord(initialCapital: initialCapital, maxDrawdown: limits.maxDrawdown, bars: bars.count)
        )
    }

    /// Throws `E_COSTS_RANGE`, `E_LIMITS_RANGE` or `E_CAPITAL`.
    static func check(_ costs: Costs, _ limits: Limits, _ initialCapital: Double) throws(BacktestError) {
        try costs.validate()
        try limits.validate()
        guard initialCapital > 0, initialCapital < .infinity else {
            throw BacktestError(.capital, "the initial capital is \(initialCapital), but it is a positive number")
        }
    }

    /// Ends the run: values what is open at the last close.
    static func close(_ bars: Bars, _ account: inout Account, _ record: EquityRecord) -> BacktestResult {
        if let close = bars.close.last, let time = bars.time.last {
            let moment = Moment(price: close, index: bars.count - 1, time: time, volume: 0)
            account.ledger.settle(moment)
            account.ledger.log?.log.end(
                bar: moment.index, time: time, equity: record.equity,
                closes: account.ledger.fills == 0 ? [] : [(series: 0, price: close)])
        }
        let ledger = account.ledger
        return BacktestResult(
            times: bars.time, returns: record.returns, equity: record.equities, positions: record.positions,
            trades: ledger.trades, fills: ledger.fills, turnover: ledger.turnover, commissionPaid: ledger.commissionPaid,
            financingPaid: ledger.financingPaid, halted: record.halted, initialCapital: record.initialCapital)
    }

    private static func areFinite(_ values: [Double]) -> Bool {
        var good = 0
        // A number less itself is zero, which infinity and NaN are not.
        for value in values { good &+= value - value == 0 ? 1 : 0 }
        return good == values.count
    }

    /// Throws `E_BAR_PRICE` unless every open, high, low and close is a positive number.
    static func checkPrices(of bars: Bars) throws(BacktestError) {
        for (name, column) in [("open", bars.open), ("high", bars.high), ("low", bars.low), ("close", bars.close)] {
            var good = 0
            for price in column { good &+= price > 0 && price < .infinity ? 1 : 0 }
            guard good < column.count, let i = column.firstIndex(where: { !($0 > 0 && $0 < .infinity) }) else { continue }
            throw BacktestError(
                .barPrice, "the adjusted \(name) of \(bars.symbol) is \(column[i]), but a price is a positive number",
                place: .row(file: bars.symbol, row: i + 1, column: name))
        }
    }
}
