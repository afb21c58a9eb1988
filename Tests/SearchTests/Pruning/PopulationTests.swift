import Search
import Testing

@Suite struct PopulationTests {
    private let space: SearchSpace

    init() throws {
        space = try SearchSpace([
            .init(name: "rate", distribution: .float(low: 0.001, high: 1, log: true)),
            .init(name: "layers", distribution: .int(low: 1, high: 20)),
            .init(name: "size", distribution: .ordinal([.string("s"), .string("m"), .string("l")])),
        ])
    }

    private func point(_ rate: Double, _ layers: Int = 10, _ size: String = "m") -> [String: ParameterValue] {
        ["rate": .double(rate), "layers": .int(layers), "size": .string(size)]
    }

    @Test func `the worst quarter copies members of the best quarter, and nobody else moves`() {
        let population = Population(space: space, quantile: 0.25, resample: 0)
        let parameters = (0..<8).map { point(0.01 * Double($0 + 1)) }
        var sources: Set<Int> = []
        for seed in 0..<40 {
            let exchanges = population.exchanges(
                losses: [5, 1, 4, nil, 2, 8, 3, 6], parameters: parameters, generation: 1, seed: UInt64(seed))
            // Of eight the two worst are the one that failed and the one with 8; the two best have 1 and 2.
            #expect(exchanges.map(\.member) == [3, 5])
            sources.formUnion(exchanges.map(\.source))
        }
        #expect(sources == [1, 4])
    }

    @Test(arguments: [(1, 0), (2, 1), (3, 1), (4, 1), (5, 2), (8, 2), (9, 3)])
    func `as many move as the quantile says, half at most`(count: Int, moved: Int) {
        let population = Population(space: space, quantile: 0.25, resample: 0)
        let exchanges = population.exchanges(
            losses: (0..<count).map(Double.init), parameters: Array(repeating: point(0.1), count: count), generation: 0, seed: 1)
        #expect(exchanges.count == moved)
        #expect(exchanges.allSatisfy { $0.source < moved && $0.member >= count - moved })
    }

    @Test func `a parameter is multiplied by 1.2 or 0.8, or moved to a neighbour, within its bounds`() {
        let population = Population(space: space, quantile: 0.5, resample: 0)
        var (rates, layers, sizes): (Set<Int>, Set<Int>, Set<String>) = ([], [], [])
        for seed in 0..<60 {
            let exchange = population.exchanges(
                losses: [0, 1], parameters: [point(0.1), point(0.5)], generation: 0, seed: UInt64(seed))[0]
            #expect(exchange.member == 1 && exchange.source == 0)
            rates.insert(Int(((exchange.parameters["rate"]?.number ?? 0) * 1e6).rounded()))
            layers.insert(Int(exchange.parameters["layers"]?.number ?? 0))
            if case .string(let size)? = exchange.parameters["size"] { sizes.insert(size) }
            let edge = population.exchanges(
                losses: [0, 1], parameters: [point(1, 20, "l"), point(0.5)], generation: 0, seed: UInt64(seed))[0]
            #expect((edge.parameters["rate"]?.number ?? 2) <= 1 && (edge.parameters["layers"]?.number ?? 99) <= 20)
        }
        #expect(rates == [120_000, 80_000] && layers == [12, 8] && sizes == ["s", "l"])
    }

    @Test func `resampling draws anew, and the same seed does the same`() {
        let population = Population(space: space, quantile: 0.5, resample: 1)
        func rate(_ seed: UInt64) -> Double {
            population.exchanges(losses: [0, 1], parameters: [point(0.1), point(0.5)], generation: 2, seed: seed)[0]
                .parameters["rate"]?.number ?? 0
        }
        #expect(Set((0..<50).map { rate($0) }).count == 50 && rate(3) == rate(3))
        #expect((0..<50).contains { rate($0) < 0.01 } && (0..<50).contains { rate($0) > 0.1 })
    }

    @Test func `when all have failed nobody can be copied`() {
        let population = Population(space: space, quantile: 0.5, resample: 0)
        #expect(population.exchanges(losses: [nil, nil], parameters: [point(1), point(1)], generation: 0, seed: 1).isEmpty)
    }
}
