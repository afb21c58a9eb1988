import Foundation

/// The block length with which a block bootstrap of a mean errs least.
///
/// Politis and White, "Automatic block-length selection for the dependent bootstrap", Econometric Reviews 23, 2004, as
/// corrected by Patton, Politis and White in volume 28, 2009.
package struct BlockLength: Sendable, Hashable {
    /// The mean block length for the stationary bootstrap, at least 1.
    package let stationary: Double
    /// The block length for the circular bootstrap, at least 1.
    package let circular: Double

    /// Chooses the lengths from the autocorrelation of `values`; 1 for fewer than nine values and for constant ones.
    package init(optimalFor values: [Double]) {
        let count = values.count
        guard count > 8, let first = values.first, values.contains(where: { $0 != first }) else {
            (stationary, circular) = (1, 1)
            return
        }
        let n = Double(count)
        let mean = CompensatedSum.of(values) / n
        let deviations = values.map { $0 - mean }
        // The first run of `quiet` insignificant correlations ends the memory of the series.
        let quiet = max(5, Int(log10(n)))
        let longest = min(Int(n.squareRoot().rounded(.up)) + quiet, count - 2)
        let critical = 2 * (log10(n) / n).squareRoot()
        var covariances: [Double] = []
        var insignificant = 0
        var memory: Int?
        for lag in 0...longest {
            // Before this lag joins: `insignificant` counts the lags just before it.
            if memory == nil, lag >= quiet, insignificant >= quiet { memory = lag - quiet }
            let product = Self.product(deviations, deviations, shift: lag)
            let late = Self.squares(deviations[(lag + 1)...]), early = Self.squares(deviations[..<(count - lag - 1)])
            covariances.append(product / n)
            insignificant = abs(product) / (late * early).squareRoot() < critical ? insignificant + 1 : 0
        }
        let cut = min(memory.map { 2 * max($0, 1) } ?? longest, longest)
        var spread = 0.0
        var variance = covariances[0]
        for lag in stride(from: 1, through: cut, by: 1) {
            let share = Double(lag) / Double(cut)
            let weight = share <= 0.5 ? 1 : 2 * (1 - share)
            spread += 2 * weight * Double(lag) * covariances[lag]
            variance += 2 * weight * covariances[lag]
        }
        let bound = min(3 * n.squareRoot(), n / 3).rounded(.up)
        func length(_ factor: Double) -> Double {
            let value = cbrt(2 * spread * spread / (factor * variance * variance)) * cbrt(n)
            return value >= 1 ? min(value, bound) : 1
        }
        stationary = length(2)
        circular = length(4.0 / 3)
    }

    private static func product(_ x: [Double], _ y: [Double], shift: Int) -> Double {
        var sum = 0.0
        for i in shift..<x.count { sum += x[i] * y[i - shift] }
        return sum
    }

    private static func squares(_ values: ArraySlice<Double>) -> Double { values.reduce(0) { $0 + $1 * $1 } }
}
