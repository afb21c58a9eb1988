import Foundation
import Search
import Statistics
import Testing

/// CMA-ES against the Python package cmaes 0.13; `Reference/make_cma.py` wrote the numbers.
@Suite struct EvolutionStrategyTests {
    private struct Reference: Decodable {
        struct Generation: Decodable {
            let points: [[Double]]
            let losses: [Double]
            let mean: [Double]
            let sigma: Double
            let covariance: [Double]
            let spread: [Double]?
        }
        struct Case: Decodable {
            let counts: [Int]
            let population: Int
            let generations: [Generation]
        }
        let cases: [Case]
    }

    private let reference: Reference

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../Reference/cma.json")
        reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    @Test func `mean, step size, covariance and margin are those of cmaes`() throws {
        #expect(reference.cases.count == 7)
        for (number, example) in reference.cases.enumerated() {
            let usesMargin = example.generations.first?.spread != nil
            var strategy = EvolutionStrategy(
                mean: example.counts.map { _ in usesMargin ? 0.45 : 0.5 }, sigma: 1.0 / 6, population: example.population)
            let axes = example.counts.map { Axis($0 == 0 ? .float(low: 0, high: 1) : .int(low: 1, high: $0)) }
            var margin = DiscreteMargin(axes: axes, population: example.population)
            for (step, generation) in example.generations.enumerated() {
                strategy.update(zip(generation.points, generation.losses).map { .init(point: $0, loss: $1) })
                if usesMargin { margin.correct(&strategy) }
                let place = "case \(number) generation \(step)"
                #expect(isClose(strategy.mean, generation.mean), "\(place): mean \(strategy.mean) not \(generation.mean)")
                #expect(abs(strategy.sigma / generation.sigma - 1) < 1e-9, "\(place): sigma")
                #expect(isClose(strategy.covariance.entries, generation.covariance), "\(place): covariance")
                if let spread = generation.spread { #expect(isClose(margin.spread, spread), "\(place): spread") }
            }
        }
    }

    private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
        a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-9 * max(1, abs($1)) }
    }

    @Test func `the default population is that of the tutorial, and weights add up to what they must`() {
        #expect([1, 2, 5, 10, 20, 100].map { EvolutionRates(dimensions: $0).population } == [4, 6, 8, 10, 12, 17])
        let rates = EvolutionRates(dimensions: 10)
        #expect(abs(rates.weights.filter { $0 > 0 }.reduce(0, +) - 1) < 1e-14)
        #expect(rates.weights.filter { $0 < 0 }.reduce(0, +) >= -(1 + rates.rankOne / rates.rankMany) - 1e-12)
    }

    @Test func `points have the covariance they are drawn with`() {
        var strategy = EvolutionStrategy(mean: [0.2, 0.7], sigma: 0.1)
        var generator = SplitMix64(seed: 1)
        for _ in 0..<8 {
            let points = (0..<6).map { _ in strategy.point([generator.gaussian(), generator.gaussian()]) }
            strategy.update(points.map { .init(point: $0, loss: 5 * $0[0] * $0[0] + ($0[0] + $0[1]) * ($0[0] + $0[1])) })
        }
        let draws = (0..<40_000).map { _ in strategy.point([generator.gaussian(), generator.gaussian()]) }
        let means = [0, 1].map { i in draws.reduce(0) { $0 + $1[i] } / 40_000 }
        for (i, j) in [(0, 0), (0, 1), (1, 1)] {
            let sample = draws.reduce(0) { $0 + ($1[i] - means[i]) * ($1[j] - means[j]) } / 40_000
            let expected = strategy.sigma * strategy.sigma * strategy.covariance[i, j]
            let scale = strategy.sigma * strategy.sigma * (strategy.covariance[i, i] * strategy.covariance[j, j]).squareRoot()
            #expect(abs(sample - expected) < 0.03 * scale)
        }
    }

    @Test func `a far solution from elsewhere moves the mean no further than an own one could`() {
        var own = EvolutionStrategy(mean: [0.5, 0.5], sigma: 0.01)
        let near = (1...5).map { EvolutionStrategy.Solution(point: [0.5, 0.5 + 0.001 * Double($0)], loss: Double($0)) }
        own.update([.init(point: [0.9, 0.5], loss: 0, isOwn: false)] + near)
        #expect(abs(own.mean[0] - 0.5) < 0.01 * 0.7 * (2.0.squareRoot() + 1))
        #expect(own.mean[0] > 0.5)
    }

    @Test func `a distribution without room or progress is spent`() {
        var flat = EvolutionStrategy(mean: [0.5, 0.5], sigma: 0.1)
        var generator = SplitMix64(seed: 2)
        #expect(!flat.isSpent)
        for _ in 0..<40 {
            flat.update((0..<6).map { _ in .init(point: flat.point([generator.gaussian(), generator.gaussian()]), loss: 1) })
        }
        #expect(flat.isSpent)
    }
}
