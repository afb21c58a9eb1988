import Foundation
import Search
import Statistics
import Testing

/// The Parzen mixture against Optuna 5.0.0; `Reference/make_reference.py` wrote the numbers.
@Suite struct ParzenMixtureTests {
    private let reference: Reference

    init() throws { reference = try Reference.load() }

    @Test func `weights, centers, bandwidths and densities are those of Optuna`() throws {
        #expect(reference.cases.count == 8)
        for example in reference.cases {
            let (axes, mixture) = try mixture(of: example)
            let n = mixture.componentCount
            expectClose(mixture.weights, example.weights, 1e-14, example.name)
            for (index, name) in example.space.keys.sorted().enumerated() {
                guard let centers = example.centers[name], let bandwidths = example.bandwidths[name] else { continue }
                expectClose(
                    Array(mixture.centers[(index * n)..<((index + 1) * n)]), centers, 1e-12, "\(example.name) \(name) centers")
                expectClose(
                    Array(mixture.bandwidths[(index * n)..<((index + 1) * n)]), bandwidths, 1e-9, "\(example.name) \(name)")
            }
            let points = (0..<12).map { point in
                example.space.keys.sorted().enumerated().map { index, name in
                    axes[index].coordinate(of: value(example.points[name]?[point] ?? .nan, axes[index].distribution))
                }
            }
            // The reference subtracts nearly equal logarithms for narrow cells: a few digits fewer than doubles have.
            expectClose(mixture.logDensities(points), example.logDensities, 1e-8, "\(example.name) densities")
        }
    }

    @Test func `of equal points the oldest and the newest face the neighbours`() {
        let axis = Axis(.int(low: 1, high: 9))
        let mixture = ParzenMixture(axes: [axis], columns: [[5, 2, 5, 5, 9]], orders: [[1, 0, 2, 3, 4]])
        // The axis is 9 long, so no bandwidth is below 9 / 7. The ends are neighbours of a lone point only.
        #expect(mixture.bandwidths == [3, 3, 9.0 / 7, 4, 4, 9])
        #expect(mixture.centers == [5, 2, 5, 5, 9, 5])
    }

    @Test func `as many trials are good as Optuna says`() {
        #expect(reference.good.count == 399)
        for (index, good) in reference.good.enumerated() { #expect(TrialSplit.goodCount(completed: index + 1) == good) }
    }

    @Test func `draws follow the density`() throws {
        // One axis, so that the distribution function of the mixture is a sum over normal distribution functions.
        let axis = Axis(.float(low: 0, high: 10))
        let column = [1.0, 1.5, 4.0, 9.8]
        let mixture = ParzenMixture(axes: [axis], columns: [column], orders: [[0, 1, 2, 3]])
        var generator = SplitMix64(seed: 11)
        let draws = (0..<4_000).map { _ in mixture.draw(using: &generator)[0] }.sorted()
        var distance = 0.0
        for (index, x) in draws.enumerated() {
            var probability = 0.0
            for component in 0..<mixture.componentCount {
                let (center, width) = (mixture.centers[component], mixture.bandwidths[component])
                let below = Normal.cdf(-center / width)
                probability +=
                    mixture.weights[component] * (Normal.cdf((x - center) / width) - below)
                    / (Normal.cdf((10 - center) / width) - below)
            }
            distance = max(distance, abs(probability - Double(index) / 4_000), abs(probability - Double(index + 1) / 4_000))
        }
        // Kolmogorov's 0.1 % point.
        #expect(distance * 4_000.0.squareRoot() < 1.95)
    }

    @Test func `draws of choices and steps follow the density`() throws {
        let axes = [Axis(.categorical([.string("a"), .string("b"), .string("c")])), Axis(.int(low: 1, high: 4))]
        let mixture = ParzenMixture(axes: axes, columns: [[2, 2, 0], [1, 2, 4]], orders: [[2, 0, 1], [0, 1, 2]])
        var generator = SplitMix64(seed: 5)
        var counts: [[Double]: Int] = [:]
        let total = 12_000
        for _ in 0..<total { counts[mixture.draw(using: &generator), default: 0] += 1 }
        var (chiSquare, mass) = (0.0, 0.0)
        for choice in 0..<3 {
            for number in 1...4 {
                let point = [Double(choice), Double(number)]
                let probability = exp(mixture.logDensities([point])[0])
                let expected = probability * Double(total)
                mass += probability
                chiSquare += (Double(counts[point] ?? 0) - expected) * (Double(counts[point] ?? 0) - expected) / expected
            }
        }
        #expect(abs(mass - 1) < 1e-12)
        #expect(ChiSquare.survival(chiSquare, degrees: 11) > 0.001)
    }

    private func mixture(of example: Reference.Case) throws -> ([Axis], ParzenMixture) {
        let names = example.space.keys.sorted()
        let axes = names.compactMap { example.space[$0]?.distribution }.map(Axis.init)
        try #require(axes.count == names.count)
        let columns = zip(names, axes).map { name, axis in
            (example.observations[name] ?? []).map { axis.coordinate(of: value($0, axis.distribution)) }
        }
        let orders = columns.map { column in column.indices.sorted { (column[$0], $0) < (column[$1], $1) }.map { Int32($0) } }
        return (axes, ParzenMixture(axes: axes, columns: columns, orders: orders))
    }

    private func value(_ number: Double, _ distribution: Distribution) -> ParameterValue {
        switch distribution {
        case .float: .double(number)
        case .int: .int(Int(number))
        case .categorical(let choices), .ordinal(let choices): choices[Int(number)]
        }
    }

    private func expectClose(_ a: [Double], _ b: [Double], _ tolerance: Double, _ what: String) {
        #expect(a.count == b.count, "\(what)")
        for (x, y) in zip(a, b) { #expect(abs(x - y) <= tolerance * max(1, abs(y)), "\(what): \(x) instead of \(y)") }
    }
}

/// What `make_reference.py` writes.
private struct Reference: Decodable {
    struct Axis: Decodable {
        let kind: String
        let count: Int?
        let low: Double?
        let high: Double?
        let log: Bool?
        let step: Double?

        var distribution: Distribution? {
            if let count { return .categorical((0..<count).map { .string("choice \($0)") }) }
            guard let low, let high, let log else { return nil }
            if kind == "int" { return .int(low: Int(low), high: Int(high), log: log, step: Int(step ?? 1)) }
            return .float(low: low, high: high, log: log, step: step)
        }
    }
    struct Case: Decodable {
        let name: String
        let space: [String: Axis]
        let observations: [String: [Double]]
        let weights: [Double]
        let centers: [String: [Double]]
        let bandwidths: [String: [Double]]
        let points: [String: [Double]]
        let logDensities: [Double]
    }
    let cases: [Case]
    let good: [Int]

    static func load() throws -> Reference {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../Reference/tpe.json")
        return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }
}
