import Diagnostics
import Foundation
import Statistics

/// The metrics of a series of simple returns per period, and of the trades behind them.
///
/// Definitions are those of the profile; what is written here is those of `empyrical`. Wealth starts at 1 and compounds; once
/// it is zero or less it stays there. A ratio whose denominator is zero, and a statistic of too few values, is NaN.
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
    /// The longest drawdown in calendar days; nil when times are not known. One from before the first bar counts from that bar.
    package let drawdownDays: Double?
    /// The biased skewness.
    package let skew: Double
    /// The biased raw kurtosis, 3 for the normal distribution.
    package let kurtosis: Double
    /// Minus the 5 % quantile (type 7) of the returns: a loss is positive.
    package let valueAtRisk95: Double
    /// The mean of the worst 5 % of the returns with the last one taken in part (Rockafellar and Uryasev); a loss is positive.
    package let conditionalValueAtRisk95: Double
    /// R² of the line through the logarithm of wealth; NaN for fewer than two returns and for wealth that is gone.
    package let stability: Double
    /// Everything about the trades by themselves.
    package let trades: TradeStatistics
    /// The share of trades with a gain, net of costs; in the profile quantstats of periods.
    package let winRate: Double
    /// All gains over all losses of the trades, in money, net of costs; in the profile quantstats of periods.
    package let profitFactor: Double
    /// The fraction of capital that grows fastest, by the trades' win rate and payoff; in the profile quantstats by the periods'.
    package let kelly: Double
    /// The share of bars with a position; nil when positions are not known.
    package let exposure: Double?
    /// Traded value over equity, a year; nil when fills are not known.
    package let turnover: Double?

    /// Measures `returns` and `trades`.
    ///
    /// `periodsPerYear` is that of daily bars in the profile unless given. `riskFree` is the rate that the Sharpe ratio leaves
    /// out, per period, in the profile quantstats per year. Throws `E_RETURNS_NOT_FINITE`, placed at the offset of the first
    /// bad return, or `E_PERIODS_PER_YEAR`.
    package init(
        returns: [Double], trades: [Trade] = [], periodsPerYear: Double? = nil, profile: Convention = .empyrical,
        riskFree: Double = 0
    ) throws(BacktestError) {
        try self.init(
            returns: returns, trades: trades, periodsPerYear: periodsPerYear, profile: profile, riskFree: riskFree, run: nil)
    }

    /// Measures a run of the engine, exposure, turnover and calendar days included.
    package init(
        _ result: BacktestResult, periodsPerYear: Double? = nil, profile: Convention = .empyrical, riskFree: Double = 0
    ) throws(BacktestError) {
        try self.init(
            returns: result.returns, trades: result.trades, periodsPerYear: periodsPerYear, profile: profile,
            riskFree: riskFree, run: result)
    }

    private init(
        returns: [Double], trades: [Trade], periodsPerYear: Double?, profile: Convention, riskFree: Double, run: BacktestResult?
    ) throws(BacktestError) {
        let periodsPerYear = periodsPerYear ?? profile.daysPerYear
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

        totalReturn = profile.totalReturn(returns)
        annualReturn = profile.annualReturn(
            total: totalReturn, mean: moments.mean, periods: returns.count, periodsPerYear: periodsPerYear)

        let deviation = moments.standardDeviation()
        volatility = deviation * periodsPerYear.squareRoot()
        let riskFree = profile.riskFreePerPeriod(riskFree, periodsPerYear: periodsPerYear)
        sharpePerPeriod = profile.ratio(moments.mean - riskFree, deviation)
        sharpe = sharpePerPeriod * periodsPerYear.squareRoot()
        let base = profile.sortinoBase(riskFree: riskFree)
        var squares = CompensatedSum()
        for value in returns where value < base { squares.add((value - base) * (value - base)) }
        downsideDeviation = (squares.value / count).squareRoot() * periodsPerYear.squareRoot()
        // One return has no Sortino ratio in empyrical, and one in quantstats.
        let hasSortino = downsideDeviation != 0 && (returns.count > 1 || profile == .quantstats)
        sortino = hasSortino ? (moments.mean - base) * periodsPerYear / downsideDeviation : .nan

        let drawdowns = Drawdown.extremes(of: returns, profile: profile)
        deepestDrawdown = drawdowns?.deepest
        longestDrawdown = drawdowns?.longest
        maxDrawdown = drawdowns?.deepest.depth ?? 0
        calmar = maxDrawdown == 0 ? .nan : annualReturn / -maxDrawdown
        drawdownDays = run.map { run in
            guard let longest = drawdowns?.longest else { return 0 }
            return Double(run.times[longest.end] - run.times[max(0, longest.peak)]) / 86_400_000
        }

        skew = profile.skewness(moments)
        kurtosis = profile.kurtosis(moments)
        let sorted = returns.sorted()
        valueAtRisk95 = profile.valueAtRisk95(sorted: sorted, moments)
        conditionalValueAtRisk95 = profile.conditionalValueAtRisk95(sorted: sorted, moments)
        stability = Self.stability(returns)

        self.trades = TradeStatistics(trades)
        let ofPeriods = profile == .quantstats ? PeriodStatistics(returns) : nil
        winRate = ofPeriods?.winRate ?? self.trades.winRate
        profitFactor = ofPeriods?.profitFactor ?? self.trades.profitFactor
        kelly = ofPeriods?.kelly ?? self.trades.kelly
        exposure = run.map { Double($0.positions.count { $0 != 0 }) / Double($0.positions.count) }
        turnover = run.map { $0.turnover * periodsPerYear / count }
    }

    /// The squared correlation of the bars' numbers with the running sum of ln(1 + r).
    private static func stability(_ returns: [Double]) -> Double {
        guard returns.count > 1, returns.allSatisfy({ $0 > -1 }) else { return .nan }
        var sum = CompensatedSum()
        let logs = returns.map { value in
            sum.add(log1p(value))
            return sum.value
        }
        let correlation = Correlation.pearson(logs.indices.map(Double.init), logs)
        return correlation * correlation
    }
}
