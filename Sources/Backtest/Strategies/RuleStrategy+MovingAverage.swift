import Statistics

extension RuleStrategy {
    /// The sign of fast minus slow average of `closes`. Averages that agree to 12 digits are equal and give 0, so that a
    /// flat price does not trade on rounding.
    static func movingAverageTargets(_ closes: [Double], fast: Int, slow: Int, short: Bool) -> [Double] {
        var targets = [Double](repeating: 0, count: closes.count)
        guard fast > 0, slow > 0 else { return targets }
        let lookback = max(fast, slow) - 1
        // Compensated: what leaves a window takes exactly away what it brought.
        var fastSum = CompensatedSum(), slowSum = CompensatedSum()
        for i in closes.indices {
            fastSum.add(closes[i])
            slowSum.add(closes[i])
            if i >= fast { fastSum.add(-closes[i - fast]) }
            if i >= slow { slowSum.add(-closes[i - slow]) }
            guard i >= lookback else { continue }
            let fastMean = fastSum.value / Double(fast), slowMean = slowSum.value / Double(slow)
            let margin = 1e-12 * slowMean
            if fastMean > slowMean + margin {
                targets[i] = 1
            } else if short, fastMean < slowMean - margin {
                targets[i] = -1
            }
        }
        return targets
    }
}
