import Foundation
import Statistics

/// What the trades of a run are like, in money and net of costs. NaN where there are none to tell from.
package struct TradeStatistics: Sendable, Hashable {
    package let count: Int
    /// The share of trades with a gain; one that gains nothing is no win.
    package let winRate: Double
    /// All gains over all losses.
    package let profitFactor: Double
    /// The mean gain of a trade.
    package let average: Double
    /// The mean of the trades' returns.
    package let averageReturn: Double
    /// The growth a trade: the geometric mean of 1 + return, less 1; -1 when a trade lost everything.
    package let geometricReturn: Double
    /// √N × mean / standard deviation (ddof 1) of the gains (Van Tharp's system quality number).
    package let systemQuality: Double
    /// w - (1 - w)/(average win / average loss), with w the win rate: the fraction of capital that grows fastest.
    package let kelly: Double

    package init(_ trades: [Trade]) {
        var wins = 0, losers = 0
        var gains = CompensatedSum(), losses = CompensatedSum(), growth = CompensatedSum()
        for trade in trades {
            if trade.pnl > 0 {
                wins += 1
                gains.add(trade.pnl)
            } else if trade.pnl < 0 {
                losers += 1
                losses.add(-trade.pnl)
            }
            growth.add(trade.return > -1 ? log1p(trade.return) : -.infinity)
        }
        let n = Double(trades.count)
        let moments = Moments(trades.map(\.pnl))
        let deviation = moments.standardDeviation()
        count = trades.count
        winRate = Double(wins) / n
        profitFactor = losses.value > 0 ? gains.value / losses.value : .nan
        average = (gains.value - losses.value) / n
        averageReturn = Moments(trades.map(\.return)).mean
        geometricReturn = expm1(growth.value / n)
        systemQuality = deviation > 0 ? n.squareRoot() * moments.mean / deviation : .nan
        let payoff = (gains.value / Double(wins)) / (losses.value / Double(losers))
        kelly = wins > 0 && losers > 0 ? winRate - (1 - winRate) / payoff : .nan
    }
}
