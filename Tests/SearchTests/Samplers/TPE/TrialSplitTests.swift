import Search
import Statistics
import Testing

@Suite struct TrialSplitTests {
    private let space: SearchSpace

    init() throws {
        space = try SearchSpace((0..<3).map { .init(name: "x\($0)", distribution: .float(low: -5, high: 5)) })
    }

    private func history(of count: Int, pending: Int) -> (TrialHistory, [[Double]]) {
        var history = TrialHistory(space: space)
        var generator = SplitMix64(seed: 9)
        var points: [[Double]] = []
        for number in 0..<(count + pending) {
            points.append((0..<3).map { _ in 10 * generator.uniform() - 5 })
            history.open(points[number].map(ParameterValue.double))
        }
        for number in 0..<count { history.close(loss: points[number].reduce(0) { $0 + $1 * $1 }) }
        return (history, points)
    }

    /// The mixture around `points`, sorted here and now.
    private func mixture(_ history: TrialHistory, _ points: [[Double]]) -> ParzenMixture {
        let columns = (0..<3).map { axis in points.map { $0[axis] } }
        let orders = columns.map { column in column.indices.sorted { (column[$0], $0) < (column[$1], $1) }.map(Int32.init) }
        return ParzenMixture(axes: history.axes, columns: columns, orders: orders)
    }

    @Test(arguments: [11, 60, 300, 1_000])
    func `up to the sample's limit the densities are those of all trials`(count: Int) {
        let (history, points) = history(of: count, pending: 6)
        let ranked = (0..<count).sorted { (history.losses[$0], $0) < (history.losses[$1], $1) }
        let good = Set(ranked.prefix(TrialSplit.goodCount(completed: count)))
        let split = TrialSplit(history)
        let (expectedGood, expectedRest) = (
            mixture(history, points.indices.filter(good.contains).map { points[$0] }),
            mixture(history, points.indices.filter { !good.contains($0) }.map { points[$0] })
        )
        #expect(split.good(axes: [0, 1, 2]).weights == expectedGood.weights)
        #expect(split.rest(axes: [0, 1, 2]).weights == expectedRest.weights)
        let probes = points.suffix(20) + [[0, 0, 0], [4.9, -4.9, 1]]
        #expect(split.good(axes: [0, 1, 2]).logDensities(Array(probes)) == expectedGood.logDensities(Array(probes)))
        #expect(split.rest(axes: [0, 1, 2]).logDensities(Array(probes)) == expectedRest.logDensities(Array(probes)))
    }

    @Test func `beyond the limit the weights stand for all trials`() {
        let (history, _) = history(of: 5_000, pending: 3)
        let rest = TrialSplit(history).rest(axes: [0])
        // Optuna: 4,978 points in the rest, the newest 25 with weight 1 each, the others 1/4978 to 1.
        let prior = rest.weights[rest.componentCount - 1]
        let expected = 1 / (ParzenMixture.ageWeights(points: 4_978).reduce(0, +) + 1)
        #expect(abs(prior / expected - 1) < 0.01)
        #expect(rest.componentCount <= TrialHistory.sampleLimit + 25 + 3 + 1)
    }

    @Test func `beyond the limit the density of a sample is close to that of all trials`() {
        let (history, points) = history(of: 4_000, pending: 0)
        let ranked = (0..<4_000).sorted { (history.losses[$0], $0) < (history.losses[$1], $1) }
        let good = Set(ranked.prefix(25))
        let column = points.indices.filter { !good.contains($0) }.map { points[$0][0] }
        let order = column.indices.sorted { (column[$0], $0) < (column[$1], $1) }.map(Int32.init)
        let all = ParzenMixture(axes: [history.axes[0]], columns: [column], orders: [order])
        // One axis: a thousand points with a bandwidth of a hundredth of the range estimate its density to a tenth or so.
        let probes = (0..<40).map { [0.25 * Double($0) - 4.9] }
        let sampled = TrialSplit(history).rest(axes: [0]).logDensities(probes)
        let differences: [Double] = zip(sampled, all.logDensities(probes)).map { $0 - $1 }
        #expect(abs(differences.reduce(0, +) / 40) < 0.05, "\(differences)")
        #expect(differences.allSatisfy { abs($0) < 0.6 }, "\(differences)")
    }
}
