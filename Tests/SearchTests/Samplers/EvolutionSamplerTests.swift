import Search
import Statistics
import Testing

@Suite struct EvolutionSamplerTests {
    private func history(of count: Int, space: SearchSpace) -> TrialHistory {
        var history = TrialHistory(space: space, objectives: 2)
        var generator = SplitMix64(seed: 2)
        for _ in 0..<count {
            let x = space.parameters.map { _ in generator.uniform() }
            history.open(x.map(ParameterValue.double))
            history.close(Merit(losses: [x[0], 1 - x[0] + x[1]]))
        }
        return history
    }

    @Test func `a child takes its values from the population, and one in so many anew`() throws {
        let space = try SearchSpace((0..<5).map { .init(name: "x\($0)", distribution: .float(low: 0, high: 1)) })
        let history = history(of: 200, space: space)
        let population = Set(history.ranking.prefix(50).map(Int.init))
        var (fresh, parents, both) = (0, [Int: Int](), 0)
        for number in 0..<4_000 {
            let child = EvolutionSampler().suggest(trial: number, history: history, seed: 7)
            var own: Set<Int> = []
            for axis in 0..<5 {
                if let source = history.columns[axis].firstIndex(of: child[axis].number ?? -1) {
                    #expect(population.contains(source))
                    own.insert(source)
                } else {
                    fresh += 1
                }
            }
            #expect(own.count <= 2)
            if own.count == 2 { both += 1 }
            for parent in own { parents[parent, default: 0] += 1 }
        }
        // Mutation has probability 1/5: 4000 expected of 20000, with a standard deviation of 57.
        #expect(abs(fresh - 4_000) < 240, "\(fresh)")
        // Two different parents show in most children with crossover, which is nine of ten.
        #expect(both > 2_800 && both < 3_600, "\(both)")
        // A tournament of two prefers the front of the ranking: rank r of 50 wins with (2 (50 - r) - 1) / 2500.
        let first = parents[Int(history.ranking[0]), default: 0]
        let last = parents[Int(history.ranking[49]), default: 0]
        #expect(first > 8 * max(1, last), "\(first) \(last)")
    }

    @Test func `the ranking of a history is that of all its trials`() throws {
        let space = try SearchSpace((0..<2).map { .init(name: "x\($0)", distribution: .float(low: 0, high: 1)) })
        let history = history(of: 90, space: space)
        let order = ParetoOrder.ranked((0..<90).map(history.merit))
        let fronts = ParetoOrder.fronts((0..<90).map(history.merit))
        #expect(Set(history.ranking) == Set(order.map(Int32.init)))
        #expect(history.ranking.map { fronts[Int($0)] } == order.map { fronts[$0] })
    }
}
