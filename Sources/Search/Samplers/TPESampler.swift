import Statistics

/// The tree-structured Parzen estimator: splits the completed trials into a few good ones and the rest, and proposes the
/// candidate drawn from the density of the good ones that is least likely under that of the rest.
///
/// Multivariate, with the rules and defaults of Optuna 5: the best tenth (at most 25) is good; trials that run beside the
/// new one count as not good, so that open trials spread out.
package struct TPESampler: Sampler {
    /// Completed trials below which points are drawn at random.
    package let startupTrials: Int
    /// Draws from the good density per suggestion.
    package let candidates: Int

    package init(startupTrials: Int = 10, candidates: Int = 24) {
        self.startupTrials = max(1, startupTrials)
        self.candidates = max(1, candidates)
    }

    package var readsHistory: Bool { true }

    package func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        guard history.count >= startupTrials else { return RandomSampler().suggest(trial: number, history: history, seed: seed) }
        let (good, rest) = Self.mixtures(of: history)
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number)))
        let points = (0..<candidates).map { _ in good.draw(using: &generator) }
        let gains = zip(good.logDensities(points), rest.logDensities(points)).map { $0 - $1 }
        var best = 0
        for index in gains.indices where gains[index] > gains[best] { best = index }
        return zip(history.axes, points[best]).map { $0.value(at: $1) }
    }

    /// How many of `completed` trials are good.
    package static func goodCount(completed: Int) -> Int { min((completed + 9) / 10, 25) }

    /// The densities of the good trials and of all others, those that still run included.
    package static func mixtures(of history: TrialHistory) -> (good: ParzenMixture, rest: ParzenMixture) {
        let good = goodCount(completed: history.count)
        var isGood = [Bool](repeating: false, count: history.count)
        for index in history.ranking.prefix(good) { isGood[Int(index)] = true }
        return (mixture(of: history, isGood: isGood, good: true), mixture(of: history, isGood: isGood, good: false))
    }

    private static func mixture(of history: TrialHistory, isGood: [Bool], good: Bool) -> ParzenMixture {
        // Where each completed trial is in the subset, which stays in order of age; pending trials are the newest.
        var slots = [Int32](repeating: -1, count: history.count)
        var count: Int32 = 0
        for index in slots.indices where isGood[index] == good {
            slots[index] = count
            count += 1
        }
        var columns: [[Double]] = []
        var orders: [[Int32]] = []
        for axis in history.axes.indices {
            var column: [Double] = []
            column.reserveCapacity(Int(count) + history.pending[axis].count)
            for index in slots.indices where slots[index] >= 0 { column.append(history.columns[axis][index]) }
            var order: [Int32] = []
            order.reserveCapacity(column.capacity)
            for index in history.byCoordinate[axis] where slots[Int(index)] >= 0 { order.append(slots[Int(index)]) }
            if !good { insertPending(history.pending[axis], into: &column, order: &order) }
            columns.append(column)
            orders.append(order)
        }
        return ParzenMixture(axes: history.axes, columns: columns, orders: orders)
    }

    private static func insertPending(_ pending: [Double], into column: inout [Double], order: inout [Int32]) {
        for coordinate in pending {
            let slot = Int32(truncatingIfNeeded: column.count)
            column.append(coordinate)
            order.insert(slot, at: order.firstIndex { column[Int($0)] > coordinate } ?? order.count)
        }
    }
}
