import Foundation
import Search
import Statistics
import Testing

/// Fronts, crowding and hypervolume against Optuna; `Reference/make_objectives.py` wrote the numbers.
@Suite struct ObjectivesTests {
    private struct Case: Decodable {
        let points: [[Double]]
        let reference: [Double]
        let hypervolume: Double
        let fronts: [Int]
        /// Of front 0; null at the ends, which have infinitely much room.
        let crowding: [Double?]?
    }

    private let cases: [Case]

    init() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../Reference/objectives.json")
        cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    }

    @Test func `hypervolumes, fronts and crowding are those of Optuna`() {
        #expect(cases.count == 9)
        for example in cases {
            let merits = example.points.map { Merit(losses: $0) }
            #expect(abs(Hypervolume.of(example.points, reference: example.reference) - example.hypervolume) < 1e-12)
            #expect(ParetoOrder.fronts(merits) == example.fronts)
            guard let crowding = example.crowding else { continue }
            let front = merits.indices.filter { example.fronts[$0] == 0 }.map { merits[$0] }
            for (own, expected) in zip(ParetoOrder.crowding(front), crowding) {
                if let expected { #expect(abs(own - expected) < 1e-12) } else { #expect(own == .infinity) }
            }
        }
    }

    @Test func `the volume of boxes is what one would draw`() {
        #expect(Hypervolume.of([[1]], reference: [3]) == 2)
        #expect(Hypervolume.of([[1, 2], [2, 1]], reference: [3, 3]) == 3)
        #expect(Hypervolume.of([[0, 0, 0]], reference: [1, 2, 3]) == 6)
        #expect(Hypervolume.of([[0, 0, 1], [1, 1, 0]], reference: [2, 2, 2]) == 4 + 1)
        // Not below the reference everywhere, or nothing there.
        #expect(Hypervolume.of([[3, 0], [0, 3.5]], reference: [3, 3]) == 0)
        #expect(Hypervolume.of([], reference: [1, 1]) == 0)
    }

    @Test func `a trial that keeps the limits beats any that does not, and of those the one that breaks them less`() {
        let (good, poor) = (Merit(losses: [1, 1]), Merit(losses: [5, 5]))
        let (near, far) = (Merit(losses: [0, 0], violation: 0.1), Merit(losses: [-9, -9], violation: 2))
        for (better, worse) in [(good, poor), (poor, near), (near, far), (good, far)] {
            #expect(better.dominates(worse) && !worse.dominates(better))
            #expect(better.precedes(worse) && !worse.precedes(better))
        }
        #expect(!Merit(losses: [1, 2]).dominates(Merit(losses: [2, 1])))
        #expect(!good.dominates(good))
        let steering = Merit.steering([far, good, near, poor])
        #expect(steering[1] == 1 && steering[3] == 5 && steering[3] < steering[2] && steering[2] < steering[0])
        #expect(Merit.steering([near, far]) == [0.1, 2])
    }

    @Test func `a front is the same in whatever order its trials come`() {
        var generator = SplitMix64(seed: 4)
        let merits = (0..<60).map { _ in
            Merit(losses: (0..<3).map { _ in (generator.uniform() * 8).rounded() }, violation: generator.uniform() < 0.2 ? 1 : 0)
        }
        let expected = merits.indices.filter { own in !merits.contains { $0.dominates(merits[own]) } }
        for seed in 0..<5 {
            var shuffle = SplitMix64(seed: UInt64(seed))
            var front = ParetoFront()
            for number in merits.indices.shuffled(using: &shuffle) { front.insert(number, merits[number]) }
            #expect(front.members.map(\.number) == expected)
        }
    }
}
