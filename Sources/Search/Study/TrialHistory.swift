import Statistics

/// What a sampler may know when it proposes a trial: the completed trials before it and the points that run beside it.
///
/// Kept in columns of coordinates, with the orders that samplers need kept up to date as trials end, so that a suggestion
/// never sorts and never walks over all trials. Trials open in order of number and close in the same order, whatever the
/// order their results arrived in: so the history, and every sampler that learns from it, is a function of the results.
package struct TrialHistory: Sendable {
    package let space: SearchSpace
    /// One per parameter: what it is as an axis.
    package let axes: [Axis]
    /// One column per parameter: the coordinate of each completed trial, oldest first.
    package private(set) var columns: [[Double]]
    /// The objective of each completed trial, oldest first; lower is better.
    package private(set) var losses: [Double] = []
    /// The number of each completed trial, oldest first.
    package private(set) var numbers: [Int32] = []
    /// The best completed trials (as indices into the columns) from the best on, at most `rankingLimit`; of equals the older
    /// is first.
    package private(set) var ranking: [Int32] = []
    /// A sample of the completed trials older than the newest `recentCount`: all of them, oldest first, up to `sampleLimit`,
    /// and from then on a random part in which a trial is the likelier the newer it is, in no order.
    package private(set) var sample: [Int32] = []
    /// For each parameter the positions in `sample` by rising coordinate; of equals the lower position is first.
    package private(set) var byCoordinate: [[Int32]]
    /// One column per parameter: the coordinates of the trials that run beside the one to be suggested, oldest first.
    package private(set) var pending: [[Double]]
    /// For each trial that was ever opened, by number: how many completed trials it could know.
    package private(set) var known: [Int32] = []
    /// For each opened trial, by number: whether a sampler proposed its point.
    package private(set) var isSuggested: [Bool] = []
    /// Trials that are over, failed ones included: numbers 0..<closedCount.
    package private(set) var closedCount = 0

    /// How many of the best trials are kept in order.
    package static let rankingLimit = 100
    /// The completed trials that are newest are never left out of what a sampler reads.
    package static let recentCount = 25
    /// How many of the older trials are kept for densities.
    package static let sampleLimit = 1_000

    package init(space: SearchSpace) {
        self.space = space
        axes = space.parameters.map { Axis($0.distribution) }
        columns = Array(repeating: [], count: space.parameters.count)
        byCoordinate = columns.map { _ in [] }
        pending = columns
    }

    /// Number of completed trials.
    package var count: Int { losses.count }
    /// Number of trials that run.
    package var pendingCount: Int { known.count - closedCount }
    /// The completed trials that are not yet old enough for the sample.
    package var recent: Range<Int> { max(0, count - Self.recentCount)..<count }

    /// The coordinates of the completed trial at `index`.
    package func point(_ index: Int) -> [Double] { columns.map { $0[index] } }

    /// Whether the values at these coordinates satisfy the conditions of the space.
    package func isFeasible(_ point: [Double]) -> Bool {
        space.constraints.isEmpty || space.isFeasible(zip(axes, point).map { $0.value(at: $1) })
    }

    /// Takes up the next trial; `values` follow the space's order. `suggested` says that a sampler proposed them.
    package mutating func open(_ values: [ParameterValue], suggested: Bool = true) {
        for (axis, value) in zip(axes.indices, values) { pending[axis].append(axes[axis].coordinate(of: value)) }
        known.append(Int32(truncatingIfNeeded: count))
        isSuggested.append(suggested)
    }

    /// Ends the oldest trial that runs; `loss` is finite, or nil when the trial failed.
    package mutating func close(loss: Double?) {
        guard pendingCount > 0 else { return }
        let point = pending.indices.map { pending[$0].removeFirst() }
        if let loss { complete(point, loss: loss) }
        closedCount += 1
    }

    /// Adds a completed trial: `open` and `close` in one, for a history without trials that run.
    package mutating func append(_ values: [ParameterValue], loss: Double) {
        open(values)
        close(loss: loss)
    }

    private mutating func complete(_ point: [Double], loss: Double) {
        let index = losses.count
        losses.append(loss)
        numbers.append(Int32(truncatingIfNeeded: closedCount))
        for axis in axes.indices { columns[axis].append(point[axis]) }
        if ranking.count < Self.rankingLimit || loss < losses[Int(ranking[ranking.count - 1])] {
            let losses = losses
            ranking.insert(
                Int32(truncatingIfNeeded: index), at: ranking.partitioningIndex { losses[Int($0)] > loss })
            if ranking.count > Self.rankingLimit { ranking.removeLast() }
        }
        if index >= Self.recentCount { admit(index - Self.recentCount) }
    }

    /// Offers the sample the trial at `index`, the newest of the old ones.
    ///
    /// Once the sample is full, a trial is taken with probability 2 limit / n and replaces one at random. An old member then
    /// survives from n to n + 1 with probability 1 - 2/n, that is (n / (n + 1))² up to second order: trial i is in the sample
    /// of n with probability proportional to i, the weights by age that the tree-structured Parzen estimator gives all n.
    private mutating func admit(_ index: Int) {
        let new = Int32(truncatingIfNeeded: index)
        var position = sample.count
        if position >= Self.sampleLimit {
            var generator = SplitMix64(seed: Seed.derive(Self.sampleSeed, UInt64(truncatingIfNeeded: index)))
            guard generator.uniform() * Double(index + 1) < 2 * Double(Self.sampleLimit) else { return }
            position = Int(generator.integer(below: UInt64(sample.count)))
            for axis in axes.indices { byCoordinate[axis].remove(at: place(of: position, axis: axis)) }
            sample[position] = new
        } else {
            sample.append(new)
        }
        for axis in axes.indices {
            byCoordinate[axis].insert(Int32(truncatingIfNeeded: position), at: place(of: position, axis: axis))
        }
    }

    /// Where a position of the sample is, or belongs, among all by rising coordinate.
    private func place(of position: Int, axis: Int) -> Int {
        let (column, sample) = (columns[axis], sample)
        let key = (column[Int(sample[position])], Int32(truncatingIfNeeded: position))
        return byCoordinate[axis].partitioningIndex { (column[Int(sample[Int($0)])], $0) >= key }
    }

    private static let sampleSeed: UInt64 = 0x7361_6d70_6c65
}

extension Array {
    /// The first index whose element satisfies `isAfter`, given that all elements after one that does satisfy it too.
    func partitioningIndex(where isAfter: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isAfter(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
