/// The empirical distribution function of a sample: the share of its values that are at most x.
package struct EmpiricalCDF: Sendable, Hashable {
    /// The sample in ascending order.
    package let sorted: [Double]

    /// Takes the values that are not NaN.
    package init(_ values: [Double]) {
        sorted = values.filter { !$0.isNaN }.sorted()
    }

    /// The share of values at most `x`, in 0...1; NaN when the sample is empty or x is NaN.
    package func callAsFunction(_ x: Double) -> Double {
        guard !sorted.isEmpty, !x.isNaN else { return .nan }
        var low = 0, high = sorted.count
        while low < high {
            let middle = low + (high - low) / 2
            if sorted[middle] <= x { low = middle + 1 } else { high = middle }
        }
        return Double(low) / Double(sorted.count)
    }

    /// The type 7 quantile of the sample.
    package func quantile(_ p: Double) -> Double { Quantile.type7(sorted: sorted, p) }
}
