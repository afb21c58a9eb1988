import Statistics

/// The tree-structured Parzen estimator: splits the completed trials into a few good ones and the rest, and proposes the
/// candidate drawn from the density of the good ones that is least likely under that of the rest. In a space with parameters that
/// may not take part, each group that takes part together is chosen on its own, from the trials in which it did.
///
/// The rules and defaults of Optuna 5: the best tenth (at most 25) is good; trials that run beside the new one count as not
/// good, so that open trials spread out. It deviates from them where more than `TrialHistory.sampleLimit` trials are
/// completed: the density of the rest is then built around the newest 25 and a sample of the others, drawn by the weights that
/// Optuna gives all of them, so that a suggestion costs the same after a thousand trials and after a million.
package struct TPESampler: Sampler {
    /// Completed trials below which points are drawn at random.
    package let startupTrials: Int
    /// Draws from the good density per suggestion.
    package let candidates: Int
    /// Whether one density spans all parameters; otherwise each parameter is chosen on its own.
    package let multivariate: Bool

    package init(startupTrials: Int = 10, candidates: Int = 24, multivariate: Bool = true) {
        self.startupTrials = max(1, startupTrials)
        self.candidates = max(1, candidates)
        self.multivariate = multivariate
    }

    package var readsHistory: Bool { true }

    package func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        guard history.count >= startupTrials else { return RandomSampler().suggest(trial: number, history: history, seed: seed) }
        let split = TrialSplit(history)
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number)))
        guard !history.space.hasConditions else {
            return grouped(split, history, &generator)
                ?? RandomSampler().suggest(trial: number, history: history, seed: seed)
        }
        // Conditions between parameters need all of them at once.
        let isJoint = multivariate || !history.space.constraints.isEmpty
        let groups = isJoint ? [Array(history.axes.indices)] : history.axes.indices.map { [$0] }
        var point = [Double](repeating: 0, count: history.axes.count)
        for group in groups {
            guard
                let chosen = choose(
                    group, split, draws: history.space.constraints.isEmpty ? candidates : 20 * candidates, &generator,
                    isAllowed: { !isJoint || history.isFeasible($0) })
            else { return RandomSampler().suggest(trial: number, history: history, seed: seed) }
            for (axis, coordinate) in zip(group, chosen) { point[axis] = coordinate }
        }
        return zip(history.axes, point).map { $0.value(at: $1) }
    }

    /// The values chosen group by group, each from the trials in which it took part; nil when none found satisfy the space's
    /// conditions between numbers.
    private func grouped(_ split: TrialSplit, _ history: TrialHistory, _ generator: inout SplitMix64) -> [ParameterValue]? {
        let space = history.space
        let groups = space.groups.flatMap { group in multivariate ? [group] : group.map { [$0] } }
        for _ in 0..<20 {
            var values = space.resting
            for group in groups where space.activity(values)[group[0]] {
                guard let chosen = choose(group, split, draws: candidates, &generator) else { return nil }
                for (axis, coordinate) in zip(group, chosen) { values[axis] = history.axes[axis].value(at: coordinate) }
            }
            if space.isFeasible(values) { return values }
        }
        return nil
    }

    /// Of the candidates drawn from the density of the good trials over `group`, as far as they are allowed, the one that is least
    /// likely among the rest; nil when none of `draws` is allowed.
    private func choose(
        _ group: [Int], _ split: TrialSplit, draws: Int, _ generator: inout SplitMix64,
        isAllowed: ([Double]) -> Bool = { _ in true }
    ) -> [Double]? {
        let (good, rest) = (split.good(axes: group), split.rest(axes: group))
        var points: [[Double]] = []
        for _ in 0..<draws where points.count < candidates {
            let candidate = good.draw(using: &generator)
            if isAllowed(candidate) { points.append(candidate) }
        }
        guard !points.isEmpty else { return nil }
        let gains = zip(good.logDensities(points), rest.logDensities(points)).map { $0 - $1 }
        var best = 0
        for index in gains.indices where gains[index] > gains[best] { best = index }
        return points[best]
    }
}
