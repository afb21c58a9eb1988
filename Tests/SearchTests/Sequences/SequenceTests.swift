import Foundation
import Search
import Statistics
import Testing

/// Sobol and Halton sequences; `Reference/make_sequences.py` wrote the numbers they are compared with.
@Suite struct SequenceTests {
    private struct Reference: Decodable {
        let sobol64: [[Int]]
        let halton: [[Double]]
    }

    private let reference: Reference

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Reference/sequences.json")
        reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file))
    }

    @Test func `an unscrambled Sobol sequence is scipy's in a hundred dimensions`() {
        let sequence = SobolSequence(dimensions: 100, seed: nil)
        for (index, point) in reference.sobol64.enumerated() {
            #expect(sequence.point(index) == point.map { Double($0) / 64 })
        }
    }

    @Test func `an unscrambled Halton sequence is scipy's`() {
        let sequence = HaltonSequence(dimensions: 12, seed: nil)
        for (index, point) in reference.halton.enumerated() {
            #expect(zip(sequence.point(index), point).allSatisfy { abs($0 - $1) < 1e-14 })
        }
    }

    @Test(arguments: [1 as UInt64, 2, 77])
    func `a scrambled Sobol sequence keeps its even partitions`(seed: UInt64) {
        let points = (0..<256).map { SobolSequence(dimensions: 20, seed: seed).point($0) }
        for dimension in 0..<20 {
            #expect(Set(points.map { Int($0[dimension] * 256) }).count == 256)
        }
        // The first two dimensions are a (0, m, 2)-net: every elementary rectangle of area 1/256 holds one point.
        for split in 0...8 {
            let (columns, rows) = (Double(1 << split), Double(1 << (8 - split)))
            #expect(Set(points.map { [Int($0[0] * columns), Int($0[1] * rows)] }).count == 256)
        }
    }

    @Test func `scrambles are uniform and differ from each other`() {
        // The first point of many scrambles: without scrambling it is the origin in all of them.
        let firsts = (0..<2_000).map { SobolSequence(dimensions: 3, seed: UInt64($0)).point(0)[2] }.sorted()
        let distance = firsts.enumerated().map { abs($1 - (Double($0) + 0.5) / 2_000) }.max() ?? 1
        #expect(distance * 2_000.0.squareRoot() < 1.95)
        let haltons = (0..<2_000).map { HaltonSequence(dimensions: 3, seed: UInt64($0)).point(0)[2] }.sorted()
        let second = haltons.enumerated().map { abs($1 - (Double($0) + 0.5) / 2_000) }.max() ?? 1
        #expect(second * 2_000.0.squareRoot() < 1.95)
    }

    @Test func `a scrambled Halton sequence keeps its even partitions`() {
        let points = (0..<125).map { HaltonSequence(dimensions: 3, seed: 5).point($0) }
        #expect(Set(points.map { Int($0[2] * 125) }).count == 125)
        #expect(Set(points.prefix(64).map { Int($0[0] * 64) }).count == 64)
    }

    @Test func `its points are values of every kind of parameter`() throws {
        let space = try SearchSpace([
            .init(name: "x", distribution: .float(low: 1e-3, high: 10, log: true)),
            .init(name: "k", distribution: .int(low: 2, high: 20, step: 3)),
            .init(name: "c", distribution: .categorical([.string("a"), .string("b"), .string("c"), .string("d")])),
            .init(name: "one", distribution: .int(low: 4, high: 4)),
        ])
        for kind in [SequenceSampler.Kind.sobol, .halton] {
            let history = TrialHistory(space: space)
            let points = (0..<256).map { SequenceSampler(kind).suggest(trial: $0, history: history, seed: 3) }
            for point in points {
                #expect(zip(space.parameters, point).allSatisfy { $0.distribution.contains($1) })
            }
            let choices = Dictionary(grouping: points, by: { $0[2] }).mapValues(\.count)
            #expect(choices.count == 4)
            #expect(choices.values.allSatisfy { abs($0 - 64) <= 2 }, "\(choices)")
        }
    }
}
