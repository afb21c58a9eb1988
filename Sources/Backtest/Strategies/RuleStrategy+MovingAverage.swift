import Statistics

extension RuleStrategy {
    /// The sign of fast minus slow average of `closes`.
    static func movingAverageTargets(_ closes: [Double], fast: Int, slow: Int, short: Bool) -> [Double] {
        guard fast > 0, slow > 0 else { return [Double](repeating: 0, count: closes.count) }
        return crossTargets(
            movingAverage(closes, period: fast), movingAverage(closes, period: slow), slow: max(fast, slow), short: short)
    }

    /// The mean of the last `period` values at each place; at the first places, where there are fewer, their sum over `period`.
    static func movingAverage(_ values: [Double], period: Int) -> [Double] {
        // Compensated: what leaves a window takes exactly away what it brought.
        var sum = CompensatedSum()
        let count = Double(period)
        return values.indices.map { i in
            sum.add(values[i])
            if i >= period { sum.add(-values[i - period]) }
            return sum.value / count
        }
    }

    /// The sign of fast minus slow average, 0 before the slow one has all its bars. Averages that agree to 12 digits are equal and
    /// give 0, so that a flat price does not trade on rounding.
    static func crossTargets(_ fast: [Double], _ slow: [Double], slow lookback: Int, short: Bool) -> [Double] {
        let below = short ? -1.0 : 0
        return [Double](unsafeUninitializedCapacity: fast.count) { targets, count in
            count = fast.count
            let first = min(max(lookback - 1, 0), count)
            for i in 0..<first { targets[i] = 0 }
            fast.withUnsafeBufferPointer { fast in
                slow.withUnsafeBufferPointer { slow in
                    for i in first..<count {
                        let margin = 1e-12 * slow[i]
                        targets[i] = fast[i] > slow[i] + margin ? 1 : (fast[i] < slow[i] - margin ? below : 0)
                    }
                }
            }
        }
    }
}
