/// Sample quantiles by linear interpolation between order statistics (Hyndman and Fan's type 7, NumPy's default).
package enum Quantile {
    /// The `p` quantile of `values` in any order; NaN when there are none, when one is NaN, or when p is outside 0...1.
    package static func type7(_ values: [Double], _ p: Double) -> Double {
        guard !values.contains(where: \.isNaN) else { return .nan }
        return type7(sorted: values.sorted(), p)
    }

    /// The `p` quantile of values that are in ascending order already.
    package static func type7(sorted values: [Double], _ p: Double) -> Double {
        guard !values.isEmpty, p >= 0, p <= 1 else { return .nan }
        let position = Double(values.count - 1) * p
        let below = Int(position)
        guard below + 1 < values.count else { return values[values.count - 1] }
        let low = values[below], high = values[below + 1]
        let share = position - Double(below)
        // From the nearer end, as NumPy does, so that the ends are met exactly.
        return share < 0.5 ? low + (high - low) * share : high - (high - low) * (1 - share)
    }
}
