import Foundation
import Search
import Statistics
import Testing

@Suite struct RandomSamplerTests {
    private func draws(_ distribution: Distribution, _ count: Int) throws -> [ParameterValue] {
        let history = TrialHistory(space: try SearchSpace([.init(name: "x", distribution: distribution)]))
        return (0..<count).map { RandomSampler().suggest(trial: $0, history: history, seed: 42)[0] }
    }

    /// The Kolmogorov-Smirnov distance from the uniform distribution, times the root of the count.
    private func uniformDistance(_ values: [Double]) -> Double {
        let n = Double(values.count)
        return values.sorted().enumerated().map { max(abs($1 - Double($0) / n), abs($1 - Double($0 + 1) / n)) }.reduce(0, max)
            * n.squareRoot()
    }

    @Test func `a linear float is uniform in its range`() throws {
        let values = try draws(.float(low: -2, high: 6), 5_000).compactMap(\.number)
        // 1.95 is Kolmogorov's 0.1 % point.
        #expect(uniformDistance(values.map { ($0 + 2) / 8 }) < 1.95)
    }

    @Test func `a logarithmic float is uniform in its logarithm`() throws {
        let values = try draws(.float(low: 1e-4, high: 1e3, log: true), 5_000).compactMap(\.number)
        #expect(uniformDistance(values.map { (log10($0) + 4) / 7 }) < 1.95)
    }

    @Test(arguments: [
        Distribution.int(low: -3, high: 8), .int(low: 0, high: 100, step: 10), .float(low: 0, high: 1, step: 0.1),
        .categorical((0..<7).map { .string("c\($0)") }), .int(low: 1, high: 12, log: true),
    ])
    func `discrete values have their shares`(distribution: Distribution) throws {
        let count = try #require(distribution.count)
        let total = 6_000
        var seen: [ParameterValue: Int] = [:]
        for value in try draws(distribution, total) { seen[value, default: 0] += 1 }
        var chiSquare = 0.0
        for index in 0..<count {
            let value = distribution.value(at: index)
            var share = 1 / Double(count)
            if case .int(let low, let high, true, _) = distribution, let x = value.number {
                share = log((x + 0.5) / (x - 0.5)) / log((Double(high) + 0.5) / (Double(low) - 0.5))
            }
            let expected = share * Double(total)
            chiSquare += (Double(seen[value] ?? 0) - expected) * (Double(seen[value] ?? 0) - expected) / expected
        }
        #expect(seen.keys.allSatisfy(distribution.contains))
        #expect(ChiSquare.survival(chiSquare, degrees: Double(count - 1)) > 0.001)
    }

    @Test func `extreme ranges neither trap nor leave their bounds`() throws {
        let distributions: [Distribution] = [
            .float(low: -8e307, high: 8e307), .float(low: .leastNonzeroMagnitude, high: 1.7e308, log: true),
            .int(low: -(1 << 53), high: 1 << 53),
            .int(low: 1, high: 1 << 53, log: true), .float(low: 0, high: 1e15, step: 1), .int(low: 7, high: 7),
            .float(low: 0.1, high: 0.1),
            .float(low: 1, high: 1 + 1e-15),
        ]
        for distribution in distributions {
            #expect(try draws(distribution, 200).allSatisfy(distribution.contains), "\(distribution)")
        }
    }

    @Test func `a million draws keep to bounds, steps and choices, also through an axis and back`() {
        let distributions: [Distribution] = [
            .float(low: -2, high: 6), .float(low: 1e-6, high: 1e2, log: true), .float(low: -1, high: 1, step: 0.1),
            .float(low: 0, high: 1, step: 0.3), .int(low: -7, high: 11, step: 3), .int(low: 1, high: 4_096, log: true),
            .int(low: 0, high: 1), .categorical((0..<7).map { .string("c\($0)") }), .ordinal([.int(1), .int(4), .int(9)]),
            .float(low: 1e-300, high: 1e300, log: true),
        ]
        var generator = SplitMix64(seed: 12)
        var wrong = 0
        for distribution in distributions {
            let axis = Axis(distribution)
            for _ in 0..<50_000 {
                let drawn = RandomSampler.draw(from: distribution, using: &generator)
                let shared = axis.value(atShare: generator.uniform())
                // A wide normal draw around any place must come back onto the axis.
                let far = axis.value(at: axis.coordinate(of: drawn) + axis.range * generator.gaussian())
                if ![drawn, shared, far].allSatisfy(distribution.contains) { wrong += 1 }
                if axis.value(at: axis.coordinate(of: shared)) != shared, distribution.count != nil { wrong += 1 }
            }
        }
        #expect(wrong == 0)
    }
}
