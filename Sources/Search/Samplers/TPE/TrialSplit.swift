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
        let good = good
        func isGood(_ index: Int) -> Bool {
            let place = good.partitioningIndex { $0 >= index }
            return place < good.count && good[place] == index
        }
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

    /// The density of the good trials over `axes`, which take part together.
    package func good(axes: [Int]) -> ParzenMixture {
        let points = history.space.hasConditions ? good.filter { history.isActive(axes[0], $0) } : good
        return mixture(axes, axes.map { axis in points.map { history.columns[axis][$0] } })
    }

    /// The mixture around points that are in no order yet.
    private func mixture(_ axes: [Int], _ columns: [[Double]], weights: [Double]? = nil) -> ParzenMixture {
        let orders = columns.map { column in
            column.indices.map { Int32(truncatingIfNeeded: $0) }.sorted { (column[Int($0)], $0) < (column[Int($1)], $1) }
        }
        return ParzenMixture(axes: axes.map { history.axes[$0] }, columns: columns, orders: orders, weights: weights)
    }

    /// The density of all other trials in which `axes`, which take part together, did.
    private func restOfGroup(_ axes: [Int]) -> ParzenMixture {
        let known = (old.map(Int.init) + recent).enumerated().filter { history.isActive(axes[0], $0.element) }
        let pending = history.pendingActive[axes[0]].enumerated().filter(\.element).map(\.offset)
        let columns = axes.map { axis in
            known.map { history.columns[axis][$0.element] } + pending.map { history.pending[axis][$0] }
        }
        // Where a sample stands for the older trials, its weights say so; otherwise trials are weighted by age among themselves.
        let isSampled = history.sample.count >= TrialHistory.sampleLimit
        let first = old.count + recent.count
        let kept = known.map { weights[$0.offset] } + pending.map { weights[first + $0] }
        return mixture(axes, columns, weights: isSampled ? kept : nil)
    }

    /// The density of all other trials over `axes`, those that run included as the newest.
    package func rest(axes: [Int]) -> ParzenMixture {
        if history.space.hasConditions { return restOfGroup(axes) }
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
