/// The completed trials of a history in two: the good ones, and the rest together with the trials that run.
package struct TrialSplit: Sendable {
    private let history: TrialHistory
    /// Indices of the good trials, oldest first.
    private let good: [Int]
    /// Indices of the older trials that are not good, as far as the history's sample has them, in its order.
    private let old: [Int32]
    /// For each trial in the history's sample, where it is in `old`; -1 for a good one.
    private let slots: [Int32]
    /// Indices of the newest trials that are not good, oldest first.
    private let recent: [Int]
    /// The weight by age of each trial of the rest.
    private let weights: [Double]

    package init(_ history: TrialHistory) {
        self.history = history
        good = history.ranking.prefix(Self.goodCount(completed: history.count)).map(Int.init).sorted()
        let losses = history.losses
        let last = history.ranking.isEmpty ? 0 : Int(history.ranking[max(0, good.count - 1)])
        func isGood(_ index: Int) -> Bool { !losses.isEmpty && (losses[index], index) <= (losses[last], last) }
        recent = history.recent.filter { !isGood($0) }
        var (old, slots): ([Int32], [Int32]) = ([], [])
        old.reserveCapacity(history.sample.count)
        slots.reserveCapacity(history.sample.count)
        for index in history.sample {
            let isGood = isGood(Int(index))
            slots.append(isGood ? -1 : Int32(truncatingIfNeeded: old.count))
            if !isGood { old.append(index) }
        }
        (self.old, self.slots) = (old, slots)
        let first = history.recent.lowerBound
        weights = Self.weights(
            old: old.count, of: first - good.partitioningIndex { $0 >= first }, new: recent.count + history.pendingCount)
    }

    /// How many of `completed` trials are good.
    package static func goodCount(completed: Int) -> Int { min((completed + 9) / 10, 25) }

    /// Weights for `old` trials that stand for `total` and for `new` ones after them.
    private static func weights(old: Int, of total: Int, new: Int) -> [Double] {
        guard old < total else { return ParzenMixture.ageWeights(points: old + new) }
        let points = Double(total + new)
        let mean = (1 / points + 1) / 2
        let share = mean * Double(total) / Double(max(1, old))
        return Array(repeating: share, count: old) + Array(repeating: 1, count: new)
    }

    /// The density of the good trials over `axes`.
    package func good(axes: [Int]) -> ParzenMixture {
        var (columns, orders): ([[Double]], [[Int32]]) = ([], [])
        for axis in axes {
            let column = good.map { history.columns[axis][$0] }
            columns.append(column)
            orders.append(
                column.indices.map { Int32(truncatingIfNeeded: $0) }.sorted { (column[Int($0)], $0) < (column[Int($1)], $1) })
        }
        return ParzenMixture(axes: axes.map { history.axes[$0] }, columns: columns, orders: orders)
    }

    /// The density of all other trials over `axes`, those that run included as the newest.
    package func rest(axes: [Int]) -> ParzenMixture {
        var (columns, orders): ([[Double]], [[Int32]]) = ([], [])
        for axis in axes {
            let source = history.columns[axis]
            var column: [Double] = []
            column.reserveCapacity(weights.count)
            for index in old { column.append(source[Int(index)]) }
            var order: [Int32] = []
            order.reserveCapacity(weights.count)
            for position in history.byCoordinate[axis] where slots[Int(position)] >= 0 { order.append(slots[Int(position)]) }
            for coordinate in recent.map({ source[$0] }) + history.pending[axis] {
                let slot = Int32(truncatingIfNeeded: column.count)
                let place = order.partitioningIndex { column[Int($0)] > coordinate }
                column.append(coordinate)
                order.insert(slot, at: place)
            }
            columns.append(column)
            orders.append(order)
        }
        return ParzenMixture(axes: axes.map { history.axes[$0] }, columns: columns, orders: orders, weights: weights)
    }
}
