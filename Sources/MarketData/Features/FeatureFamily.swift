/// A kind of feature: the formula without its period.
///
/// In the formulas, N is the period in bars, t the row's bar, and O, H, L, C, V are open, high, low, close and volume, the prices
/// adjusted. `r_t = C_t/C_{t-1} - 1`; `mean` and `sum` run over the last N bars, t included; `std` divides by N, `std1` by
/// N - 1. Every feature is a pure number, free of the price's and the volume's scale, so that it means the same in 1999 and in
/// 2018 and for every symbol. Where a formula would divide zero by zero, because nothing moved or nothing was traded, the value
/// is the neutral one given here.
///
/// Exponential averages have a finite memory: EMA_N weighs the last 4N bars by (1 - 2/(N+1))^age, and Wilder's average the last
/// 8N bars by (1 - 1/N)^age, each normalised to a sum of one. The bars that are left out would have had less than 0.034 % of the
/// weight; in exchange a row depends on exactly `lookback` earlier bars, wherever the series was cut.
package enum FeatureFamily: String, Sendable, Hashable, Codable, CaseIterable {
    /// `return_N`: C_t/C_{t-N} - 1.
    case simpleReturn = "return"
    /// `log_return_N`: ln(C_t/C_{t-N}).
    case logReturn = "log_return"
    /// `gap`: O_t/C_{t-1} - 1, what happened while the market was closed.
    case gap
    /// `sma_ratio_N`: C_t/mean(C) - 1.
    case smaRatio = "sma_ratio"
    /// `ema_ratio_N`: C_t/EMA_N(C) - 1.
    case emaRatio = "ema_ratio"
    /// `rsi_N`: 100 G/(G + D), 0 to 100, with G and D Wilder's averages of the rises and the falls of C; 50 when nothing moved.
    case rsi
    /// `macd`: (EMA_12(C) - EMA_26(C))/C_t.
    case macd
    /// `macd_histogram`: m_t - EMA_9(m) with m the feature `macd`.
    case macdHistogram = "macd_histogram"
    /// `bollinger_N`: Bollinger's %b, (C_t - (mean(C) - 2 std(C)))/(4 std(C)): 0 on the lower band, 1 on the upper; 0.5 when
    /// flat.
    case bollinger
    /// `atr_N`: Wilder's average of the true range max(H_t, C_{t-1}) - min(L_t, C_{t-1}), over C_t.
    case atr
    /// `obv_N`, `obv` is `obv_20`: the on-balance volume gained in N bars over all volume of these bars, sum(V sign(r))/sum(V),
    /// -1 to 1; 0 without volume.
    case obv
    /// `vwap_distance_N`: C_t/W - 1 with W = sum(P V)/sum(V), P = (H + L + C)/3; 0 without volume.
    case vwapDistance = "vwap_distance"
    /// `volatility_N`: std1(r), per bar, not annualised.
    case volatility
    /// `zscore_N`: (C_t - mean(C))/std(C); 0 when flat.
    case zscore
    /// `momentum_N`: sqrt(N) mean(r)/std1(r), the t-statistic of the mean return; 0 when the returns are all alike
    /// (std1 below 1e-12).
    case momentum
    /// `volume_ratio_N`: V_t/mean(V) - 1; 0 without volume.
    case volumeRatio = "volume_ratio"
    /// `range_N`: mean((H - L)/C).
    case range
    /// `parkinson_N`: Parkinson's volatility sqrt(mean(ln(H/L)^2)/(4 ln 2)), per bar.
    case parkinson
    /// `stochastic_N`: (C_t - min(L))/(max(H) - min(L)), 0 to 1; 0.5 when flat.
    case stochastic
    /// `drawdown_N`: C_t/max(C) - 1, 0 or below.
    case drawdown

    /// The periods that the family can have; nil for a family whose name takes none.
    package var periods: ClosedRange<Int>? {
        switch self {
        case .gap, .macd, .macdHistogram: nil
        case .simpleReturn, .logReturn, .obv, .vwapDistance, .range, .parkinson, .atr: 1...Self.maximumPeriod
        case .smaRatio, .emaRatio, .rsi, .bollinger, .volatility, .zscore, .momentum, .volumeRatio, .stochastic, .drawdown:
            2...Self.maximumPeriod
        }
    }

    /// The period that a name without a number means; nil when the number must be given.
    package var defaultPeriod: Int? { self == .obv ? 20 : nil }

    /// The longest period of any family.
    package static let maximumPeriod = 5_000
}
