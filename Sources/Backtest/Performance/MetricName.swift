import Diagnostics

/// The stable name of a metric in specs, tables and results.
package enum MetricName: String, Sendable, Hashable, Codable, CaseIterable, CustomStringConvertible {
    case totalReturn, annualReturn, volatility, sharpe, sortino, calmar, maxDrawdown, drawdownBars, winRate, profitFactor
    case valueAtRisk95, conditionalValueAtRisk95, trades, skew, kurtosis, periods, downsideDeviation, averageTrade
    /// The Sharpe ratio before annualising, as inference needs it.
    case sharpePerPeriod
    /// The mean of the trades' returns, and their growth a trade.
    case averageTradeReturn, geometricTradeReturn
    /// √N × mean / standard deviation of the trades' gains.
    case systemQuality
    /// The fraction of capital that grows fastest, by win rate and payoff.
    case kelly
    /// R² of the line through the logarithm of wealth.
    case stability
    /// The longest drawdown in calendar days.
    case drawdownDays
    /// The share of bars with a position.
    case exposure
    /// Traded value over equity, a year.
    case turnover
    /// The probability that the Sharpe ratio is above what the best of all trials would reach by luck. It needs the
    /// study's trials, so it is no metric of one series of returns.
    case deflatedSharpe

    /// Which way a metric is better.
    package enum Direction: String, Sendable, Hashable, Codable {
        case larger, smaller
        /// Neither way; it describes and does not judge.
        case neither
    }

    package var direction: Direction {
        switch self {
        case .totalReturn, .annualReturn, .sharpe, .sharpePerPeriod, .sortino, .calmar, .winRate, .profitFactor, .skew,
            .averageTrade, .averageTradeReturn, .geometricTradeReturn, .systemQuality, .kelly, .stability, .deflatedSharpe:
            .larger
        // A drawdown is zero or negative.
        case .maxDrawdown: .larger
        case .volatility, .drawdownBars, .drawdownDays, .valueAtRisk95, .conditionalValueAtRisk95, .kurtosis, .downsideDeviation,
            .turnover:
            .smaller
        case .trades, .periods, .exposure: .neither
        }
    }

    /// Whether a larger value is better; nil for metrics that judge neither way.
    package var isLargerBetter: Bool? {
        switch direction {
        case .larger: true
        case .smaller: false
        case .neither: nil
        }
    }

    /// The metrics that a study can be asked to make larger or smaller: all that one series of returns and trades has.
    package static let objectives: [MetricName] = allCases.filter { $0 != .deflatedSharpe }

    package var description: String { rawValue }

    /// The metric called `name`. Throws `E_METRIC_UNKNOWN` with the nearest name as its hint.
    package init(named name: String) throws(BacktestError) {
        guard let metric = MetricName(rawValue: name) else {
            let names = Self.allCases.map(\.rawValue)
            let shown = String(name.prefix(64)).debugDescription
            throw BacktestError(
                .metricUnknown, "\(shown) is no metric",
                hint: Suggestion.nearest(to: name, in: names).map { "did you mean \($0)?" }
                    ?? "one of \(names.joined(separator: ", "))")
        }
        self = metric
    }
}
