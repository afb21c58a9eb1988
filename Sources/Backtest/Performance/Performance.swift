import Diagnostics
import Foundation
import Statistics

/// The metrics of a series of simple returns per period, and of the trades behind them.
///
/// Definitions are those of the profile. Wealth starts at 1 and compounds; once it is zero or less it stays there. A
/// ratio whose denominator is zero, and a statistic of too few values, is NaN.
package struct Performance: Sendable, Hashable {
    package let profile: Convention
    /// The number of periods in a year, 252 for daily bars.
    package let periodsPerYear: Double
    /// The number of returns.
    package let periods: Int
    /// Final wealth less 1.
    package let totalReturn: Double
    /// Final wealth to the power of a year over the periods, less 1; -1 when wealth is gone.
    package let annualReturn: Double
    /// The standard deviation (ddof 1) of the returns times √periodsPerYear.
    package let volatility: Double
    /// mean / standard deviation (ddof 1) of the returns less the risk-free rate, times √periodsPerYear.
    package let sharpe: Double
    /// The same before annualising, as inference needs it.
    package let sharpePerPeriod: Double
    /// Yearly mean over downside deviation.
    package let sortino: Double
    /// √(mean over all returns of min(r, 0)²) × √periodsPerYear.
    package let downsideDeviation: Double
    /// Annual return over the depth of the deepest drawdown.
    package let calmar: Double
    /// The deepest fall of wealth from its peak, the start included: zero or negative.
    package let maxDrawdown: Double
    /// The drawdown that fell deepest; nil when there was none.
    package let deepestDrawdown: Drawdown?
    /// The drawdown that lasted longest; nil when there was none.
    package let longestDrawdown: Drawdown?
    /// The biased skewness.
    package let skew: Double
    /// The biased raw kurtosis, 3 for the normal distribution.
    package let kurtosis: Double
    /// Minus the 5 % quantile (type 7) of the returns: a loss is positive.
    package let valueAtRisk95: Double
    /// The mean of the worst 5 % of the returns with the last one taken in part (Rockafellar and Uryasev); a loss is positive.
    package let conditionalValueAtRisk95: Double
    /// The number of trades.
    package let trades: Int
    /// The share of trades with a gain, net of costs.
    package let winRate: Double
    /// All gains over all losses of the trades, in money, net of costs.
    package let profitFactor: Double
    /// The mean gain of a trade in money, net of costs.
    package let averageTrade: Double
    /// The share of bars with a position; nil when positions are not known.
    package let exposure: Double?
    /// Traded value over equity, a year; nil when fills are not known.
    package let turnover: Double?

    /// Measures `returns` and `trades`; `riskFree` is the rate per period that the Sharpe ratio leaves out.
    ///
    /// Throws `E_RETURNS_NOT_FINITE`, placed at the offset of the first bad return, or `E_PERIODS_PER_YEAR`.
    package init(
        returns: [Double], trades: [Trade] = [], periodsPerYear: Double = 252, profile: Convention = .empyrical,
        riskFree: Double = 0
    ) throws(BacktestError) {
        try self.init(
            returns: returns, trades: trades, periodsPerYear: periodsPerYear, profile: profile, riskFree: riskFree,
            positions: nil, totalTurnover: nil)
    }

    /// Measures a run of the engine, exposure and turnover included.
    package init(
        _ result: BacktestResult, periodsPerYear: Double = 252, profile: Convention = .empyrical, riskFree: Double = 0
    ) throws(BacktestError) {
        try self.init(
            returns: result.returns, trades: result.trades, periodsPerYear: periodsPerYear, profile: profile,
            riskFree: riskFree, positions: result.positions, totalTurnover: result.turnover)
    }

    private init(
        returns: [Double], trades: [Trade], periodsPerYear: Double, profile: Convention, riskFree: Double,
        positions: [Double]?, totalTurnover: Double?
    ) throws(BacktestError) {
        guard periodsPerYear > 0, periodsPerYear < .infinity else {
            throw BacktestError(.periodsPerYear, "there are \(periodsPerYear) periods in a year, but it is a positive number")
        }
        if let i = returns.firstIndex(where: { !$0.isFinite }) {
            throw BacktestError(.returnsNotFinite, "return \(i) is \(returns[i])", place: .offset(i))
        }
        let count = Double(returns.count)
        let moments = Moments(returns)
        self.profile = profile
        self.periodsPerYear = periodsPerYear
        periods = returns.count

        var wealth = 1.0
        for value in returns where wealth > 0 { wealth *= 1 + value }
        totalReturn = wealth - 1
        annualReturn = returns.isEmpty ? .nan : (wealth > 0 ? pow(wealth, periodsPerYear / count) - 1 : -1)

        let deviation = moments.standardDeviation()
        volatility = deviation * periodsPerYear.squareRoot()
        sharpePerPeriod = Self.ratio(moments.mean - riskFree, deviation)
        sharpe = sharpePerPeriod * periodsPerYear.squareRoot()
        var squares = CompensatedSum()
        for value in returns where value < 0 { squares.add(value * value) }
        downsideDeviation = (squares.value / count).squareRoot() * periodsPerYear.squareRoot()
        sortino = Self.ratio(moments.mean * periodsPerYear, downsideDeviation)

        let drawdowns = Drawdown.extremes(of: returns)
        deepestDrawdown = drawdowns?.deepest
        longestDrawdown = drawdowns?.longest
        maxDrawdown = drawdowns?.deepest.depth ?? 0
        calmar = Self.ratio(annualReturn, -maxDrawdown)

        skew = moments.skewness
        kurtosis = moments.kurtosis
        let sorted = returns.sorted()
        valueAtRisk95 = -Quantile.type7(sorted: sorted, 0.05)
        conditionalValueAtRisk95 = Self.expectedShortfall(sorted: sorted, share: 0.05)

        self.trades = trades.count
        var wins = 0
        var gains = CompensatedSum(), losses = CompensatedSum()
        for trade in trades {
            if trade.pnl > 0 {
                wins += 1
                gains.add(trade.pnl)
            } else {
                losses.add(-trade.pnl)
            }
        }
        winRate = Self.ratio(Double(wins), Double(trades.count))
        profitFactor = Self.ratio(gains.value, losses.value)
        averageTrade = Self.ratio(gains.value - losses.value, Double(trades.count))
        exposure = positions.map { positions in Self.ratio(Double(positions.count { $0 != 0 }), Double(positions.count)) }
        turnover = totalTurnover.map { Self.ratio($0 * periodsPerYear, count) }
    }

    private static func ratio(_ numerator: Double, _ denominator: Double) -> Double {
        denominator == 0 ? .nan : numerator / denominator
    }

    /// -[Σ_{i <= q} r(i) + (k - q) r(q+1)] / k with k = share × n and q = ⌈k⌉ - 1, r(1) the smallest.
    private static func expectedShortfall(sorted returns: [Double], share: Double) -> Double {
        guard !returns.isEmpty else { return .nan }
        let k = share * Double(returns.count)
        let whole = max(0, Int(k.rounded(.up)) - 1)
        var sum = CompensatedSum()
        for value in returns[..<whole] { sum.add(value) }
        sum.add((k - Double(whole)) * returns[whole])
        return -sum.value / k
    }
}
