import Search
import Statistics
import Testing

@Suite struct WindowPrunerTests {
    private let rungs = WindowPruner.rungs(windows: 20)

    private func pruner(_ incumbents: [(loss: Double, steps: [Double])]) -> WindowPruner {
        var pruner = WindowPruner(rungs: rungs, level: 0.1)
        for (loss, steps) in incumbents { pruner.close(TrialCurve(steps: steps, rungs: rungs), loss: loss) }
        return pruner
    }

    private func end(_ steps: [Double], _ yardstick: any Yardstick) -> Int? {
        rungs.first { yardstick.reasonToStop(TrialCurve(steps: Array(steps[..<$0]), rungs: rungs)) != nil }
    }

    @Test func `looks begin after four windows and are at most a hundred`() {
        #expect(rungs == Array(4...20))
        #expect(WindowPruner.rungs(windows: 20, every: 5) == [4, 9, 14, 19, 20])
        #expect(WindowPruner.rungs(windows: 1_000).count <= 101)
        #expect(WindowPruner.rungs(windows: 2) == [2])
    }

    @Test func `nothing is stopped before there is an incumbent`() {
        let bad = [Double](repeating: 100, count: 20)
        #expect(end(bad, pruner([]).yardstick()) == nil)
        var failed = pruner([])
        failed.close(nil, loss: nil)
        #expect(end(bad, failed.yardstick()) == nil)
    }

    @Test func `a trial is held against the best before it, window by window`() {
        var generator = SplitMix64(seed: 3)
        let market = (0..<20).map { _ in 5 * generator.gaussian() }
        let good = market.map { $0 - 1 }
        // The windows differ much more from each other than the trials do.
        let worse = market.map { $0 + 0.1 * generator.gaussian() }
        let better = market.map { $0 - 2 + 0.1 * generator.gaussian() }
        let yardstick = pruner([(3, market.map { $0 + 4 }), (-1, good), (2, market)]).yardstick()
        #expect(end(worse, yardstick) == 4)
        #expect(end(better, yardstick) == nil)
        #expect(end(good, yardstick) == nil)
        let reason = yardstick.reasonToStop(TrialCurve(steps: Array(worse[..<4]), rungs: rungs))
        #expect(reason?.hasPrefix("worse than the best before it: p ") == true)
    }

    @Test func `pruned trials never become the incumbent, but teach how windows hang together`() {
        var generator = SplitMix64(seed: 4)
        func walk() -> [Double] {
            var value = generator.gaussian() / 0.75.squareRoot()
            return (0..<20).map { _ in
                value = 0.5 * value + generator.gaussian()
                return value
            }
        }
        let flat = [Double](repeating: 0, count: 20)
        let fresh = pruner([(0, flat)])
        var taught = fresh
        for _ in 0..<60 { taught.close(TrialCurve(steps: walk(), rungs: rungs), loss: nil) }
        var (bold, careful) = (0, 0)
        for _ in 0..<1_000 {
            let steps = walk()
            if end(steps, fresh.yardstick()) != nil { bold += 1 }
            if end(steps, taught.yardstick()) != nil { careful += 1 }
        }
        // The standard error of a share of 10 % in 1,000 is 0.9 %.
        #expect(Double(careful) / 1_000 < 0.12 && bold * 2 > careful * 3, "\(careful) and \(bold) of 1,000")
    }
}
