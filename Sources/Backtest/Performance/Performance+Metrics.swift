extension Performance {
    /// The value of `metric`; nil for one that these returns and trades do not have (`deflatedSharpe`, and exposure,
    /// turnover or drawdown days when only returns were given).
    package subscript(metric: MetricName) -> Double? {
        switch metric {
        case .totalReturn: totalReturn
        case .annualReturn: annualReturn
        case .volatility: volatility
        case .sharpe: sharpe
        case .sortino: sortino
        case .calmar: calmar
        case .maxDrawdown: maxDrawdown
        case .drawdownBars: Double(longestDrawdown?.bars ?? 0)
        case .winRate: winRate
        case .profitFactor: profitFactor
        case .valueAtRisk95: valueAtRisk95
        case .conditionalValueAtRisk95: conditionalValueAtRisk95
        case .trades: Double(trades.count)
        case .skew: skew
        case .kurtosis: kurtosis
        case .periods: Double(periods)
        case .downsideDeviation: downsideDeviation
        case .averageTrade: trades.average
        case .sharpePerPeriod: sharpePerPeriod
        case .averageTradeReturn: trades.averageReturn
        case .geometricTradeReturn: trades.geometricReturn
        case .systemQuality: trades.systemQuality
        case .kelly: kelly
        case .stability: stability
        case .drawdownDays: drawdownDays
        case .exposure: exposure
        case .turnover: turnover
        case .deflatedSharpe: nil
        }
    }

    /// All metrics there are, by name, always in the same order. Values may be NaN.
    package var metrics: [(name: String, value: Double)] {
        MetricName.allCases.compactMap { metric in self[metric].map { (metric.rawValue, $0) } }
    }
}
