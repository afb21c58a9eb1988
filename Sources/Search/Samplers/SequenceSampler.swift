import Statistics

/// Proposes the points of a sequence that fills the space more evenly than chance does, scrambled by the study's seed.
package struct SequenceSampler: Sampler {
    package enum Kind: Sendable, Hashable { case sobol, halton }
    package let kind: Kind

    package init(_ kind: Kind) { self.kind = kind }

    package var readsHistory: Bool { false }

    package func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        let dimensions = history.axes.count
        let point =
            switch kind {
            case .sobol: SobolSequence(dimensions: dimensions, seed: seed).point(number)
            case .halton: HaltonSequence(dimensions: dimensions, seed: seed).point(number)
            }
        let values = zip(history.axes, point).map { $0.value(atShare: $1) }
        // A point that a condition excludes makes room for a random one.
        return history.space.isFeasible(values)
            ? values : RandomSampler().suggest(trial: number, history: history, seed: seed)
    }
}
