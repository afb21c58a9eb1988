import Statistics

/// NSGA-II: children of the trials that no other one beats, for any number of objectives.
///
/// Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", 2002, with a population that every result renews
/// at once instead of generation by generation, so that nothing waits when trials run in parallel. Parents win a tournament of
/// two by front and crowding; a child takes each parameter from one or the other, and a few anew.
package struct EvolutionSampler: Sampler {
    /// The best trials are the parents, so many of them; as many are drawn at random first.
    package let population: Int
    /// How probable a child of two parents is; otherwise it has one.
    package let crossover: Double

    package init(population: Int = 50, crossover: Double = 0.9) {
        self.population = min(TrialHistory.rankingLimit, max(2, population))
        self.crossover = crossover
    }

    package var readsHistory: Bool { true }

    package func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        guard history.count >= population else { return RandomSampler().suggest(trial: number, history: history, seed: seed) }
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number)))
        for _ in 0..<20 {
            let child = child(history, &generator)
            if history.space.isFeasible(child) { return child }
        }
        return RandomSampler().suggest(trial: number, history: history, seed: seed)
    }

    private func child(_ history: TrialHistory, _ generator: inout SplitMix64) -> [ParameterValue] {
        let mother = parent(history, &generator)
        let father = generator.uniform() < crossover ? parent(history, &generator) : mother
        let mutation = 1 / Double(max(1, history.axes.count))
        return history.axes.indices.map { axis in
            let source = generator.uniform() < 0.5 ? mother : father
            guard generator.uniform() >= mutation else {
                return RandomSampler.draw(from: history.axes[axis].distribution, using: &generator)
            }
            return history.axes[axis].value(at: history.columns[axis][source])
        }
    }

    /// The better of two trials drawn from the population.
    private func parent(_ history: TrialHistory, _ generator: inout SplitMix64) -> Int {
        let count = UInt64(min(population, history.ranking.count))
        return Int(history.ranking[Int(min(generator.integer(below: count), generator.integer(below: count)))])
    }
}
