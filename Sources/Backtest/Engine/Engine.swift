import Diagnostics
package import MarketData

/// Turns decided positions into fills, equity and trades, bar by bar.
///
/// ## Rules
/// - **Prices** are the bars' adjusted prices, so dividends and splits are earned and not traded.
/// - **Decision and fill.** `targets[i]` is decided on bar i's close and filled at the open of bar i + 1. The last bar's
///   target is never filled. Nothing of a bar after i can change anything at or before i.
/// - **Target.** A signed fraction of equity, cut to ±`maxPosition`; 0 is flat, below zero is short. The position is sized
///   when the target changes, so that its value at the open is exactly the target times the equity left after the fill's
///   costs: a target of 1 spends all cash and borrows none. While the target stays the same the number of shares stays
///   the same, and the fraction drifts with the price. Shares may be fractions.
/// - **Costs.** A buy pays price × (1 + slippage), a sale gets price × (1 - slippage); both pay commission on that value.
/// - **Stop loss.** The stop stands at the average price of the trade's entry fills, less (short: plus) `stopLoss` of it.
///   When a bar's low (short: high) reaches it, the position is closed there, or at the bar's open if that is already
///   beyond, slippage and commission on top. It works on the entry bar too. Afterwards the strategy stays flat until
///   its target changes.
/// - **Drawdown halt.** When equity at a close is `maxDrawdown` or more below its highest close (the initial capital
///   counts as one), the position is closed at the next open and nothing is traded again.
/// - **Ruin.** When equity at a close is zero or less, the position is closed at that close and nothing is traded again.
/// - **Equity** is cash plus position at each close, before any cost of leaving. Cash earns nothing, short positions pay
///   nothing for borrowing.
/// - **End.** A position open at the end is valued at the last close, and its trade is listed as ended there with
///   `exitReason` endOfData. So the trades' pnl always add up to final equity less initial capital.
package enum Engine {
    /// Runs `targets` over `bars`, one target per bar, in one pass.
    ///
    /// Throws `E_COSTS_RANGE`, `E_LIMITS_RANGE`, `E_CAPITAL`, `E_TARGETS_COUNT`, `E_TARGET_NOT_FINITE` or `E_BAR_PRICE`.
    package static func run(
        bars: Bars, targets: [Double], costs: Costs = .none, limits: Limits = .none, initialCapital: Double = 100_000
    ) throws(BacktestError) -> BacktestResult {
        try costs.validate()
        try limits.validate()
        guard initialCapital > 0, initialCapital < .infinity else {
            throw BacktestError(.capital, "the initial capital is \(initialCapital), but it is a positive number")
        }
        guard targets.count == bars.count else {
            throw BacktestError(.targetsCount, "\(targets.count) targets for \(bars.count) bars of \(bars.symbol)")
        }
        if let i = targets.firstIndex(where: { !$0.isFinite }) {
            throw BacktestError(.targetNotFinite, "the target is \(targets[i])", place: .offset(i))
        }
        let bars = bars.adjusted()
        try checkPrices(of: bars)
        return trade(bars, targets, costs, limits, initialCapital)
    }

    private static func trade(
        _ bars: Bars, _ targets: [Double], _ costs: Costs, _ limits: Limits, _ initialCapital: Double
    ) -> BacktestResult {
        let times = bars.time, opens = bars.open, highs = bars.high, lows = bars.low, closes = bars.close
        let count = closes.count
        let cap = limits.maxPosition
        let floor = 1 - (limits.maxDrawdown ?? .infinity)
        let stopLoss = limits.stopLoss ?? .infinity
        var returns = [Double](repeating: 0, count: count)
        var equities = [Double](repeating: 0, count: count)
        var positions = [Double](repeating: 0, count: count)
        var ledger = Ledger(capital: initialCapital, costs: costs, symbol: bars.symbol)
        var equity = initialCapital
        var peak = initialCapital
        var target = 0.0
        var halted: Int?

        for i in 0..<count {
            if i > 0 {
                if halted != nil {
                    ledger.close(price: opens[i], index: i, time: times[i], reason: .drawdownHalt)
                } else {
                    let wanted = min(max(targets[i - 1], -cap), cap)
                    if wanted != target {
                        ledger.rebalance(to: wanted, price: opens[i], index: i, time: times[i])
                        target = wanted
                    }
                }
            }
            if stopLoss < .infinity, ledger.shares != 0 {
                let entry = ledger.entryPrice
                if ledger.shares > 0 {
                    let stop = entry * (1 - stopLoss)
                    if lows[i] <= stop { ledger.close(price: min(opens[i], stop), index: i, time: times[i], reason: .stopLoss) }
                } else {
                    let stop = entry * (1 + stopLoss)
                    if highs[i] >= stop { ledger.close(price: max(opens[i], stop), index: i, time: times[i], reason: .stopLoss) }
                }
            }
            let before = equity
            equity = ledger.equity(at: closes[i])
            if equity <= 0, before > 0 {
                ledger.close(price: closes[i], index: i, time: times[i], reason: .ruin)
                equity = ledger.cash
                halted = halted ?? i
            } else {
                if equity > peak { peak = equity }
                if halted == nil, equity <= peak * floor { halted = i }
            }
            returns[i] = before > 0 ? equity / before - 1 : 0
            equities[i] = equity
            if ledger.shares != 0 { positions[i] = ledger.shares * closes[i] / equity }
        }
        if count > 0 { ledger.settle(price: closes[count - 1], index: count - 1, time: times[count - 1]) }
        return BacktestResult(
            times: times, returns: returns, equity: equities, positions: positions, trades: ledger.trades, fills: ledger.fills,
            turnover: ledger.turnover, commissionPaid: ledger.commissionPaid, halted: halted, initialCapital: initialCapital)
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
