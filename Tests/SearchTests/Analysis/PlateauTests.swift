import Foundation
import Statistics
import Testing

@testable import Search

@Suite struct PlateauTests {
    /// A narrow needle at (0.8, 0.8) that is a little better than a wide hill around (0.3, 0.3).
    private func loss(_ x: Double, _ y: Double) -> Double {
        let hill = -exp(-((x - 0.3) * (x - 0.3) + (y - 0.3) * (y - 0.3)) / 0.08)
        let needle = -1.3 * exp(-((x - 0.8) * (x - 0.8) + (y - 0.8) * (y - 0.8)) / 0.0005)
        return hill + needle
    }

    private func table(constraint: String? = nil) throws -> TrialTable {
        let space = try SearchSpace(
            [.init(name: "x", distribution: .float(low: 0, high: 1)), .init(name: "y", distribution: .float(low: 0, high: 1))],
            constraints: constraint.map { [try SearchConstraint(parsing: $0)] } ?? [])
        var generator = SplitMix64(seed: 4)
        var points = (0..<299).map { _ in (generator.uniform(), generator.uniform()) }
        points.append((0.8, 0.8))
        let trials = points.enumerated().map { number, point in
            Trial(
                number: number, parameters: ["x": .double(point.0), "y": .double(point.1)], state: .completed,
                value: loss(point.0, point.1))
        }
        return TrialTable(space: space, trials: trials, direction: .minimize)
    }

    @Test func `a needle falls off at once, a hill does not`() throws {
        let table = try table()
        let plateau = Plateau(table: table, forest: try #require(RegressionForest(table)))
        let needle = try #require(table.best)
        #expect(table.numbers[needle] == 299)
        let robust = try #require(plateau.mostRobust())
        let (x, y) = (table.point(robust.index)[0], table.point(robust.index)[1])
        #expect(abs(x - 0.3) < 0.1 && abs(y - 0.3) < 0.1, "(\(x), \(y))")
        #expect(robust.meanLoss == plateau.meanLoss(around: robust.index, within: Plateau.robustDistance))
        // What is left of the needle's 1.3 a tenth away is what the ground there is worth.
        #expect(plateau.meanLoss(around: needle, within: 0.1) > -0.5)
        #expect(plateau.meanLoss(around: robust.index, within: 0.1) < -0.7)
        let falls = Plateau.distances.map { plateau.meanLoss(around: robust.index, within: $0) }
        #expect(falls == falls.sorted())
    }

    @Test func `what breaks a condition of the space does not count`() throws {
        let table = try table(constraint: "x < 0.5")
        let plateau = Plateau(table: table, forest: try #require(RegressionForest(table)))
        // Nothing around the needle is allowed, so it stands for itself.
        let needle = try #require(table.best)
        #expect(plateau.meanLoss(around: needle, within: 0.1) == plateau.meanLoss(around: needle, within: 0))
    }

    @Test func `choices stay as they are`() throws {
        let space = try SearchSpace([
            .init(name: "k", distribution: .categorical([.string("a"), .string("b")])),
            .init(name: "n", distribution: .int(low: 0, high: 9)),
        ])
        let trials = (0..<20).map { number in
            Trial(
                number: number, parameters: ["k": .string(number % 2 == 0 ? "a" : "b"), "n": .int(number / 2)], state: .completed,
                value: number % 2 == 0 ? 0 : 100)
        }
        let table = TrialTable(space: space, trials: trials, direction: .minimize)
        let plateau = Plateau(table: table, forest: try #require(RegressionForest(table)))
        for index in trials.indices {
            #expect(abs(plateau.meanLoss(around: index, within: 0.4) - (trials[index].value ?? .nan)) < 5)
        }
    }
}
