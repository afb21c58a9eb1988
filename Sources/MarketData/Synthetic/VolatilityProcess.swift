/// Daily volatility that clusters: GARCH(1,1) (Bollerslev, 1986) around a long-run level.
///
/// variance(t) = (1 - alpha - beta) level^2 + alpha shock(t-1)^2 + beta variance(t-1)
struct VolatilityProcess {
    private static let alpha = 0.09
    private static let beta = 0.89
    private let base: Double
    private var variance: Double

    /// Starts at the long-run daily volatility `level`.
    init(level: Double) {
        base = level * level
        variance = base
    }

    var volatility: Double { variance.squareRoot() }

    /// The shock for a standard normal number; moves the variance on to the next day.
    mutating func shock(_ gaussian: Double) -> Double {
        let shock = volatility * gaussian
        variance = (1 - Self.alpha - Self.beta) * base + Self.alpha * shock * shock + Self.beta * variance
        // Keeps a run of large shocks from growing without bound.
        variance = min(variance, 100 * base)
        return shock
    }
}
