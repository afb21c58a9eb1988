/// A named set of metric definitions; its name is kept with every number it made.
///
/// Where a library has no definition of a metric, its profile has that of `empyrical`.
package enum Convention: String, Sendable, Hashable, Codable, CaseIterable {
    /// The definitions of the empyrical library, with type 7 VaR, Rockafellar-Uryasev CVaR and money-weighted profit factor.
    /// The risk-free rate is one per period.
    case empyrical
    /// The definitions of the quantstats library: parametric normal VaR and CVaR, win rate and profit factor of periods, skewness
    /// and kurtosis corrected for bias (the kurtosis raw, 3 more than the library prints), an annual risk-free rate that
    /// Sharpe and Sortino leave out. The Sharpe ratio of constant returns is infinite, as the library divides plainly.
    case quantstats
    /// The definitions of Qlib's risk analysis: returns are summed and not compounded, a year has 238 days, and the drawdown's
    /// peak does not count the start.
    case qlib

    /// The number of daily bars in a year.
    package var daysPerYear: Double { self == .qlib ? 238 : 252 }

    /// Whether wealth grows by products of returns, from 1, rather than by their sum.
    package var isCompounded: Bool { self != .qlib }
}
