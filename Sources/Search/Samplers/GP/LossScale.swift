import Foundation

/// How losses become the values that a Gaussian process is fitted to: on their own scale or on a logarithmic one, which spreads
/// out the losses near the best; then with mean 0 and variance 1.
package enum LossScale: Sendable, Hashable, CaseIterable {
    case linear
    /// ln(loss - least + a tenth, or a hundredth, of the distance from the least to the median).
    case logarithmic
    case steepLogarithmic

    /// The standardised values, and the logarithm of the density that the change of scale brings: it makes evidences of the
    /// same losses on different scales comparable.
    package func values(_ losses: [Double]) -> (values: [Double], logDensity: Double) {
        let sorted = losses.sorted()
        let least = sorted.first ?? 0
        let spread = (sorted.isEmpty ? 0 : sorted[sorted.count / 2]) - least
        var (values, density) = (losses, 0.0)
        if let share, spread > 0, spread.isFinite {
            let offset = share * spread
            values = losses.map { log($0 - least + offset) }
            density = -values.reduce(0, +)
        }
        let n = Double(max(1, values.count))
        let mean = values.reduce(0) { $0 + $1 / n }
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / n }
        let deviation = variance > 0 && variance.isFinite ? variance.squareRoot() : 1
        return (values.map { ($0 - mean) / deviation }, density - n * log(deviation))
    }

    private var share: Double? {
        switch self {
        case .linear: nil
        case .logarithmic: 0.1
        case .steepLogarithmic: 0.01
        }
    }
}
