/// Stops a trial at a rung when the best it has come to so far is worse than what the given share of the completed trials before
/// it had come to at that rung; at one half this is the median rule.
///
/// Trials that were stopped are not compared with. Akiba et al., "Optuna", KDD 2019; Golovin et al., "Google Vizier", KDD 2017.
package struct PercentilePruner: Pruner {
    /// From 0 to 1: 0.25 lets only the best quarter go on.
    private let share: Double
    /// How many completed trials there must be before one is stopped.
    private let startup: Int
    /// For each rung what completed trials had come to there, by rising loss.
    private var sorted: [[Double]]

    package init(rungs: Int, share: Double, startup: Int) {
        (self.share, self.startup) = (share, startup)
        sorted = Array(repeating: [], count: rungs)
    }

    package func yardstick() -> any Yardstick {
        guard let count = sorted.first?.count, count >= max(1, startup) else { return LimitYardstick(limits: []) }
        return LimitYardstick(limits: sorted.map(quantile))
    }

    package mutating func close(_ curve: TrialCurve?, loss: Double?) {
        guard let curve, loss != nil, curve.values.count == sorted.count else { return }
        for (rung, value) in curve.values.enumerated() {
            sorted[rung].insert(value, at: sorted[rung].partitioningIndex { $0 > value })
        }
    }

    /// Between the values on either side when it falls between them.
    private func quantile(_ values: [Double]) -> Double {
        let place = share * Double(values.count - 1)
        let below = Int(place), above = min(below + 1, values.count - 1)
        return values[below] + (values[above] - values[below]) * (place - Double(below))
    }
}

/// A limit for each rung on the best that a trial has come to; none when there are no limits.
private struct LimitYardstick: Yardstick {
    let limits: [Double]

    func reasonToStop(_ curve: TrialCurve) -> String? {
        guard let rung = curve.values.indices.last, limits.indices.contains(rung), let best = curve.values.min(),
            best > limits[rung]
        else { return nil }
        return "worse than the share of the trials before it that goes on at this rung"
    }
}
