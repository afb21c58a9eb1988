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
    /// The first objective of each completed trial, oldest first; lower is better.
    package private(set) var losses: [Double] = []
    /// By how much each completed trial breaks the limits on results, oldest first.
    package private(set) var violations: [Double] = []
    /// How many objectives there are, and one column for each beyond the first.
    package let objectiveCount: Int
    private var furtherLosses: [[Double]]
    /// Whether any completed trial breaks a limit.
    private var isLimited = false
    /// The number of each completed trial, oldest first.
    package private(set) var numbers: [Int32] = []
    /// The best completed trials (as indices into the columns) from the best on, at most `rankingLimit`: those that keep the
    /// limits first, then by loss, or with several objectives by front and crowding; of equals the older is first.
    package private(set) var ranking: [Int32] = []
    /// A sample of the completed trials older than the newest `recentCount`: all of them, oldest first, up to `sampleLimit`,
    /// and from then on a random part in which a trial is the likelier the newer it is, in no order.
    package private(set) var sample: [Int32] = []
    /// For each parameter the positions in `sample` by rising coordinate; of equals the lower position is first.
    package private(set) var byCoordinate: [[Int32]]
    /// One column per parameter: the coordinates of the trials that run beside the one to be suggested, oldest first.
    package private(set) var pending: [[Double]]
    /// In a space with conditions, one column per parameter: whether it took part in each completed trial, oldest first.
    package private(set) var active: [[Bool]]
    /// The same of the trials that run.
    package private(set) var pendingActive: [[Bool]]
    /// For each trial that was ever opened, by number: how many completed trials it could know.
    package private(set) var known: [Int32] = []
    /// For each opened trial, by number: how many trials ran beside it when it was proposed.
    package private(set) var beside: [Int32] = []
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

    package init(space: SearchSpace, objectives: Int = 1) {
        self.space = space
        objectiveCount = max(1, objectives)
        furtherLosses = Array(repeating: [], count: objectiveCount - 1)
        axes = space.parameters.map { Axis($0.distribution) }
        columns = Array(repeating: [], count: space.parameters.count)
        byCoordinate = columns.map { _ in [] }
        pending = columns
        active = space.hasConditions ? columns.map { _ in [] } : []
        pendingActive = active
    }

    /// Number of completed trials.
    package var count: Int { losses.count }
    /// Number of trials that run.
    package var pendingCount: Int { known.count - closedCount }
    /// The completed trials that are not yet old enough for the sample.
    package var recent: Range<Int> { max(0, count - Self.recentCount)..<count }

    /// The coordinates of the completed trial at `index`.
    package func point(_ index: Int) -> [Double] { columns.map { $0[index] } }

    /// Whether the parameter at `axis` took part in the completed trial at `index`.
    func isActive(_ axis: Int, _ index: Int) -> Bool { active.isEmpty || active[axis][index] }

    /// Whether the values at these coordinates satisfy the conditions of the space.
    package func isFeasible(_ point: [Double]) -> Bool {
        space.constraints.isEmpty || space.isFeasible(zip(axes, point).map { $0.value(at: $1) })
    }

    /// Takes up the next trial; `values` follow the space's order. `suggested` says that a sampler proposed them.
    package mutating func open(_ values: [ParameterValue], suggested: Bool = true) {
        beside.append(Int32(truncatingIfNeeded: pendingCount))
        for (axis, value) in zip(axes.indices, values) { pending[axis].append(axes[axis].coordinate(of: value)) }
        if space.hasConditions {
            for (axis, isActive) in space.activity(values).enumerated() { pendingActive[axis].append(isActive) }
        }
        known.append(Int32(truncatingIfNeeded: count))
        isSuggested.append(suggested)
    }

    /// Ends the oldest trial that runs; the merit is finite, or nil when the trial failed.
    package mutating func close(_ merit: Merit?) {
        guard pendingCount > 0 else { return }
        let point = pending.indices.map { pending[$0].removeFirst() }
        let parts = pendingActive.indices.map { pendingActive[$0].removeFirst() }
        if let merit {
            for axis in parts.indices { active[axis].append(parts[axis]) }
            complete(point, merit)
        }
        closedCount += 1
    }

    /// Ends the oldest trial that runs in a study of one objective; `loss` is finite, or nil when the trial failed.
    package mutating func close(loss: Double?) { close(loss.map { Merit(losses: [$0]) }) }

    /// What the completed trial at `index` is worth.
    package func merit(_ index: Int) -> Merit {
        Merit(losses: [losses[index]] + furtherLosses.map { $0[index] }, violation: violations[index])
    }

    /// One loss for each of the completed trials `indices`, by the first objective, those that break limits after all others.
    package func steeringLosses(_ indices: [Int]) -> [Double] {
        guard isLimited else { return indices.map { losses[$0] } }
        return Merit.steering(indices.map { Merit(losses: [losses[$0]], violation: violations[$0]) })
    }

    /// Adds a completed trial: `open` and `close` in one, for a history without trials that run.
    package mutating func append(_ values: [ParameterValue], loss: Double) {
        open(values)
        close(loss: loss)
    }

    private mutating func complete(_ point: [Double], _ merit: Merit) {
        let index = losses.count
        losses.append(merit.losses[0])
        for (objective, loss) in merit.losses.dropFirst().enumerated() { furtherLosses[objective].append(loss) }
        violations.append(merit.violation)
        if merit.violation > 0 { isLimited = true }
        numbers.append(Int32(truncatingIfNeeded: closedCount))
        for axis in axes.indices { columns[axis].append(point[axis]) }
        rank(index)
        if index >= Self.recentCount { admit(index - Self.recentCount) }
    }

    /// Gives the newest completed trial its place among the best.
    private mutating func rank(_ index: Int) {
        let new = Int32(truncatingIfNeeded: index)
        guard objectiveCount == 1 else {
            let members = ranking + [new]
            let order = ParetoOrder.ranked(members.map { merit(Int($0)) })
            ranking = order.prefix(Self.rankingLimit).map { members[$0] }
            return
        }
        let (losses, violations) = (losses, violations)
        func isAfter(_ other: Int32) -> Bool {
            (violations[Int(other)], losses[Int(other)]) > (violations[index], losses[index])
        }
        guard ranking.count < Self.rankingLimit || isAfter(ranking[ranking.count - 1]) else { return }
        ranking.insert(new, at: ranking.partitioningIndex(where: isAfter))
        if ranking.count > Self.rankingLimit { ranking.removeLast() }
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
