import Foundation
import Testing

@testable import Search

/// Parameter importances against Optuna 5.0.0's evaluators; `Reference/make_importance.py` wrote the numbers.
@Suite struct ImportanceTests {
    private struct Reference: Decodable {
        struct Point: Decodable {
            var parameters: [String: Value]
            var value: Double
        }

        enum Value: Decodable {
            case number(Double)
            case text(String)

            init(from decoder: any Decoder) throws {
                let container = try decoder.singleValueContainer()
                if let number = try? container.decode(Double.self) {
                    self = .number(number)
                } else {
                    self = .text(try container.decode(String.self))
                }
            }

            var parameter: ParameterValue {
                switch self {
                case .number(let number): .double(number)
                case .text(let text): .string(text)
                }
            }
        }

        struct PedAnova: Decodable {
            var trials: [Point]
            var importance: [String: Double]
        }

        struct Fanova: Decodable {
            var trials: [Point]
            var mean: [String: Double]
            var deviation: [String: Double]
        }

        var pedanova: PedAnova
        var fanova: Fanova
    }

    private let reference: Reference

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../Reference/importance.json")
        reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    private func table(_ space: SearchSpace, _ points: [Reference.Point], direction: Direction = .minimize) -> TrialTable {
        let trials = points.enumerated().map { number, point in
            Trial(
                number: number, parameters: point.parameters.mapValues(\.parameter), state: .completed,
                value: direction == .minimize ? point.value : -point.value)
        }
        return TrialTable(space: space, trials: trials, direction: direction)
    }

    private func mixed() throws -> SearchSpace {
        try SearchSpace([
            .init(name: "a", distribution: .float(low: 0, high: 1)),
            .init(name: "b", distribution: .float(low: 1e-3, high: 1e2, log: true)),
            .init(name: "c", distribution: .float(low: -1, high: 1, log: false, step: 0.25)),
            .init(name: "d", distribution: .int(low: 1, high: 9)),
            .init(name: "e", distribution: .int(low: 1, high: 300, log: true)),
            .init(name: "f", distribution: .categorical([.string("x"), .string("y"), .string("z")])),
            .init(name: "g", distribution: .int(low: 0, high: 200)),
        ])
    }

    private func plain() throws -> SearchSpace {
        try SearchSpace([
            .init(name: "a", distribution: .float(low: 0, high: 1)), .init(name: "b", distribution: .float(low: -5, high: 5)),
            .init(name: "c", distribution: .int(low: 1, high: 9)),
            .init(name: "d", distribution: .categorical([.string("x"), .string("y")])),
            .init(name: "e", distribution: .float(low: 0, high: 1)),
        ])
    }

    /// The rule has no chance in it, so only rounding is left between the two.
    @Test func `PED-ANOVA is Optuna's to nine digits`() throws {
        let space = try mixed()
        let found = PEDANOVA.importances(of: table(space, reference.pedanova.trials))
        for (parameter, value) in zip(space.parameters, found) {
            let expected = try #require(reference.pedanova.importance[parameter.name])
            #expect(abs(value - expected) < 1e-9, "\(parameter.name): \(value), not \(expected)")
        }
        #expect(abs(found.reduce(0, +) - 1) < 1e-12)
        // Which way the objective is better does not matter.
        #expect(PEDANOVA.importances(of: table(space, reference.pedanova.trials, direction: .maximize)) == found)
    }

    /// Two forests that differ in their draws only: the mean of 64 trees lies within four of the deviations between Optuna's own
    /// seeds, and a hundredth for how ties between splits are broken.
    @Test func `fANOVA is Optuna's but for the draws of the forest`() throws {
        let space = try plain()
        let forest = try #require(RegressionForest(table(space, reference.fanova.trials)))
        let found = FunctionalANOVA.importances(of: forest, dimensions: space.parameters.count)
        for (parameter, value) in zip(space.parameters, found) {
            let expected = try #require(reference.fanova.mean[parameter.name])
            let room = 0.01 + 4 * (try #require(reference.fanova.deviation[parameter.name]))
            #expect(abs(value - expected) < room, "\(parameter.name): \(value), not \(expected)")
        }
        #expect(found.allSatisfy { (0...1).contains($0) } && found.reduce(0, +) <= 1)
        let again = try #require(RegressionForest(table(space, reference.fanova.trials)))
        #expect(FunctionalANOVA.importances(of: again, dimensions: space.parameters.count) == found)
    }

    @Test func `one split explains all of a step, and an exclusive or none of it alone`() throws {
        let tree = RegressionTree(
            columns: [[0.1, 0.3, 0.7, 0.9], [0.5, 0.1, 0.9, 0.2]], targets: [0, 0, 1, 1], sample: [0, 1, 2, 3])
        #expect(tree.value(at: [0.49, 0]) == 0 && tree.value(at: [0.51, 0]) == 1)
        #expect(try #require(FunctionalANOVA.shares(of: tree, dimensions: 2)) == [1, 0])
        // Cut in half, each leaf a quarter of the square.
        let crossed = RegressionTree(
            columns: [[0.25, 0.75, 0.25, 0.75], [0.25, 0.25, 0.75, 0.75]], targets: [0, 1, 1, 0.001], sample: [0, 1, 2, 3])
        for share in try #require(FunctionalANOVA.shares(of: crossed, dimensions: 2)) { #expect(share < 1e-5) }
        let flat = RegressionTree(columns: [[0.1, 0.9]], targets: [2, 2], sample: [0, 1, 1])
        #expect(flat.nodes.count == 1 && FunctionalANOVA.shares(of: flat, dimensions: 1) == nil)
    }

    @Test func `few, equal or incomplete trials give no importance and no trap`() throws {
        let space = try mixed()
        let point = reference.pedanova.trials[0]
        for points in [[], [point], [point, point, point]] {
            let table = table(space, points)
            #expect(PEDANOVA.importances(of: table).allSatisfy { $0.isFinite && $0 >= 0 })
            guard let forest = RegressionForest(table) else { continue }
            #expect(FunctionalANOVA.importances(of: forest, dimensions: 7) == Array(repeating: 0, count: 7))
        }
        // Trials that do not have a parameter say nothing about it.
        var some = Array(reference.pedanova.trials.prefix(40))
        for place in some.indices where place % 2 == 0 { some[place].parameters["g"] = nil }
        let table = table(space, some)
        #expect(table.shares[6][0].isNaN && table.cells[6][0] == -1 && table.point(0)[6] == 0.5)
        #expect(PEDANOVA.importances(of: table).allSatisfy { $0.isFinite })
    }

    @Test func `of many trials every so-manieth is looked at, and the best`() throws {
        let space = try SearchSpace([.init(name: "x", distribution: .float(low: 0, high: 1))])
        let trials = (0..<5_001).map { number in
            Trial(
                number: number, parameters: ["x": .double(Double(number % 100) / 100)], state: .completed,
                value: number == 4_999 ? -1 : 1)
        }
        let table = TrialTable(space: space, trials: trials, direction: .minimize)
        #expect(table.count <= TrialTable.limit && table.numbers.contains(4_999) && table.numbers.first == 0)
        #expect(table.best.map { table.numbers[$0] } == 4_999)
    }
}
