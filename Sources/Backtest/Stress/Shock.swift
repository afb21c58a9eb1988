import Diagnostics

/// Something bad that happens to a market, applied to its bars and not to a result.
package enum Shock: Sendable, Hashable {
    /// Prices fall by `magnitude` over `bars` bars and come back over `recovery` bars; 0 for never.
    case crash(magnitude: Double, bars: Int, recovery: Int)
    /// Moves are `multiplier` times as large, bar by bar, around the same mean.
    case volatility(multiplier: Double)
    /// Every series moves with all others: so large a share of each move is that of their mean.
    case correlation(share: Double)
    /// Volume shrinks to a share, and the spread is so many times as wide.
    case drought(volume: Double, spread: Double)
    /// Every so many bars the market opens away from the close before, by a fraction either way.
    case gaps(size: Double, every: Int)

    /// The suite that a strategy is judged on unless another is declared.
    package static let suite: [Shock] = [
        .crash(magnitude: 0.35, bars: 20, recovery: 120), .volatility(multiplier: 2), .correlation(share: 0.8),
        .drought(volume: 0.1, spread: 5), .gaps(size: 0.05, every: 21),
    ]

    /// The name in tables and results.
    package var name: String {
        switch self {
        case .crash: "crash"
        case .volatility: "volatility"
        case .correlation: "correlation"
        case .drought: "drought"
        case .gaps: "gaps"
        }
    }

    /// Whether it falls elsewhere with another seed.
    package var isDrawn: Bool {
        switch self {
        case .crash, .gaps: true
        case .volatility, .correlation, .drought: false
        }
    }

    /// Throws `E_STRESS_SHOCK` for a magnitude, length or multiple that no market could have.
    package func validate() throws(BacktestError) {
        let isPossible =
            switch self {
            case .crash(let magnitude, let bars, let recovery):
                magnitude > 0 && magnitude < 1 && (1...1_000_000).contains(bars) && (0...1_000_000).contains(recovery)
            case .volatility(let multiplier): multiplier > 0 && multiplier <= 10
            case .correlation(let share): share >= 0 && share <= 1
            case .drought(let volume, let spread): volume > 0 && volume <= 1 && spread >= 1 && spread <= 100
            case .gaps(let size, let every): size > 0 && size < 1 && every >= 1
            }
        guard isPossible else {
            throw BacktestError(
                .stressShock, "no market has a shock \(self)", hint: "magnitudes are fractions, lengths bars, multiples above 0")
        }
    }
}
