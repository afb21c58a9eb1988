import Search
import Statistics
import Testing

@Suite struct TrialHistoryTests {
    private let space: SearchSpace

    init() throws {
        space = try SearchSpace([
            .init(name: "x", distribution: .float(low: -5, high: 5)),
            .init(name: "k", distribution: .int(low: 1, high: 64, log: true)),
            .init(name: "c", distribution: .categorical([.string("a"), .string("b"), .string("c")])),
        ])
    }

    private func history(of count: Int) -> TrialHistory {
        var history = TrialHistory(space: space)
        var generator = SplitMix64(seed: 3)
        for _ in 0..<count {
            let point = space.parameters.map { RandomSampler.draw(from: $0.distribution, using: &generator) }
            history.append(point, loss: Double(generator.integer(below: 200)))
        }
        return history
    }

    @Test(arguments: [5, 26, 200, 1_025, 6_000])
    func `its orders are those that sorting would give`(count: Int) {
        let history = history(of: count)
        let byLoss = (0..<count).sorted { (history.losses[$0], $0) < (history.losses[$1], $1) }.map(Int32.init)
        #expect(history.ranking == Array(byLoss.prefix(TrialHistory.rankingLimit)))
        #expect(history.sample.count == min(max(0, count - 25), TrialHistory.sampleLimit))
        if count <= 1_025 { #expect(history.sample.map(Int.init) == Array(0..<max(0, count - 25))) }
        #expect(Set(history.sample).count == history.sample.count)
        for axis in 0..<3 {
            let keys = history.byCoordinate[axis].map { (history.columns[axis][Int(history.sample[Int($0)])], $0) }
            #expect(keys.count == history.sample.count)
            #expect(zip(keys, keys.dropFirst()).allSatisfy { $0 < $1 })
        }
    }

    @Test func `a trial is in the sample with a probability that rises with its number`() {
        // Of n trials the oldest tenth should have 1 % of the sample, the newest 19 %.
        let count = 40_000
        let sample = history(of: count).sample
        let observed = (0..<10).map { tenth in Double(sample.filter { Int($0) * 10 / count == tenth }.count) }
        let expected = (0..<10).map { Double(2 * $0 + 1) / 100 * Double(sample.count) }
        let chiSquare = zip(observed, expected).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) / $1.1 }
        #expect(ChiSquare.survival(chiSquare, degrees: 9) > 0.001, "\(observed)")
    }

    @Test func `trials close in the order they opened, and a failed one leaves nothing behind`() {
        var history = TrialHistory(space: space)
        for number in 0..<4 { history.open([.double(Double(number)), .int(1), .string("a")]) }
        history.close(loss: 7)
        history.close(loss: nil)
        history.close(loss: 5)
        #expect(history.columns[0] == [0, 2])
        #expect(history.losses == [7, 5])
        #expect(history.numbers == [0, 2])
        #expect(history.pending[0] == [3])
        #expect(history.pendingCount == 1)
        #expect(history.closedCount == 3)
        history.open([.double(1), .int(1), .string("b")])
        #expect(history.known == [0, 0, 0, 0, 2])
        history.close(loss: nil)
        history.close(loss: nil)
        history.close(loss: 1)
        #expect(history.pendingCount == 0)
        #expect(history.count == 2)
    }
}
