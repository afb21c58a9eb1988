import Foundation

/// The correlation of neighbours in short series that are alike, pooled over all of them.
///
/// The lag-one products of a series about its own mean are smaller than those about the true mean, the more the shorter it is.
/// So the estimate is the correlation of a first-order autoregression whose expected products, over all the lengths seen, are
/// the ones that were found: the method of moments, without the bias of the usual ratio. It is never negative, because a test
/// that trusts negative correlation is bolder than one that assumes none.
package struct SerialCorrelation: Sendable, Hashable {
    /// Lag-one products over the series' own variance, summed.
    private var products = 0.0
    /// What that sum is on average, for each correlation of the grid.
    private var expected = Self.grid.map { Self.prior * $0 }

    /// So many uncorrelated pairs count beside those seen, so that one short series does not decide alone.
    private static let prior = 10.0
    /// Estimates end here: beyond, a mean of a few values says next to nothing.
    package static let largest = 0.9
    /// Correlations between which estimates are interpolated.
    private static let grid = (0...45).map { Self.largest * Double($0) / 45 }

    package init() {}

    /// Takes in a series of at least three values that are not all the same; others say nothing.
    package mutating func add(_ values: [Double]) {
        guard let product = Self.product(values) else { return }
        products += product
        for (place, correlation) in Self.grid.enumerated() {
            expected[place] += Self.expectedProduct(correlation, values.count)
        }
    }

    /// The estimate, from 0 to `largest`.
    package var value: Double { estimate(products) { expected[$0] } }

    /// The estimate with one more series taken in.
    package func value(with values: [Double]) -> Double {
        guard let product = Self.product(values) else { return value }
        return estimate(products + product) { expected[$0] + Self.expectedProduct(Self.grid[$0], values.count) }
    }

    /// The correlation whose expected products are these; `expected` rises along the grid.
    private func estimate(_ products: Double, _ expected: (Int) -> Double) -> Double {
        var low = 0, high = Self.grid.count - 1
        if products <= expected(low) { return Self.grid[low] }
        if products >= expected(high) { return Self.grid[high] }
        while high - low > 1 {
            let middle = (low + high) / 2
            if expected(middle) < products { low = middle } else { high = middle }
        }
        let share = (products - expected(low)) / (expected(high) - expected(low))
        return Self.grid[low] + share * (Self.grid[high] - Self.grid[low])
    }

    /// How much larger the variance of the mean of `count` values of a first-order autoregression is than that of independent
    /// ones.
    package static func inflation(_ correlation: Double, _ count: Int) -> Double {
        let n = Double(count), rest = 1 - correlation
        return 1 + 2 * correlation / rest - 2 * correlation * (1 - pow(correlation, n)) / (n * rest * rest)
    }

    /// Σ (x_t - x̄)(x_{t-1} - x̄) / s², s with ddof 1.
    private static func product(_ values: [Double]) -> Double? {
        guard values.count > 2 else { return nil }
        let mean = CompensatedSum.of(values) / Double(values.count)
        var squares = 0.0, products = 0.0, before: Double?
        for value in values {
            let deviation = value - mean
            squares += deviation * deviation
            if let before { products += before * deviation }
            before = deviation
        }
        let ratio = products / squares * Double(values.count - 1)
        return ratio.isFinite ? ratio : nil
    }

    /// What `product` is on average. For unit variance, with I the inflation, E Σ (x_t - x̄)(x_{t-1} - x̄) is
    /// (n-1) ρ - (n+1) I/n + 2 (1 - ρⁿ) / (n (1 - ρ)) and E Σ (x_t - x̄)² is n - I. The mean of the ratio lies below the ratio of
    /// the means by nearly 2ρ / (n + 1/(1-ρ)), within 0.02 of simulations from ten values on.
    private static func expectedProduct(_ correlation: Double, _ count: Int) -> Double {
        let n = Double(count), inflation = inflation(correlation, count)
        let products =
            (n - 1) * correlation - (n + 1) * inflation / n + 2 * (1 - pow(correlation, n)) / (n * (1 - correlation))
        return (n - 1) * (products / (n - inflation) - 2 * correlation / (n + 1 / (1 - correlation)))
    }
}
