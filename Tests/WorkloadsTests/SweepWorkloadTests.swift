import Backtest
import Cluster
import MarketData
import SwiftProtobuf
import Testing
import Wire

@Suite struct SweepWorkloadTests {
    private static let grid = """
        strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 12]}, slow: {int: [5, 30], step: 5}, short: {choice: [0, 1]}}}
        costs: {commission: 0.001, slippage: 0.0005}
        keep: 7
        """

    private func sweep(_ fixture: Fixture, _ first: Int64, _ count: Int64) throws -> ProtoSweepResult {
        try fixture.run(.sweep(.with { ($0.first, $0.count) = (first, count) })).sweep
    }

    @Test func `a combination comes to what a run of its own comes to, and the best are kept in order`() throws {
        let fixture = try Fixture(kind: "sweep", Self.grid)
        // 11 fast times 6 slow times 2, the last varying fastest.
        let result = try sweep(fixture, 0, 132)
        var all: [(index: Int64, performance: Performance)] = []
        var excluded: Int64 = 0
        var index: Int64 = 0
        for fast in 2...12 {
            for slow in stride(from: 5, through: 30, by: 5) {
                for short in [false, true] {
                    defer { index += 1 }
                    guard fast < slow else {
                        excluded += 1
                        continue
                    }
                    let rule = RuleStrategy.movingAverageCross(fast: fast, slow: slow, short: short)
                    let bars = fixture.dataset.series[0]
                    let run = try Engine.run(bars: bars, targets: rule.targets(bars: bars), costs: Fixture.costs)
                    all.append((index, try Performance(run)))
                }
            }
        }
        #expect(result.excluded == excluded && excluded > 0)
        #expect(result.sharpe.count == Int64(all.count) - Int64(all.count { $0.performance.sharpe.isNaN }))
        all.sort { ($1.performance.sharpe, $0.index) < ($0.performance.sharpe, $1.index) }
        #expect(result.best.map(\.index) == all.prefix(7).map(\.index))
        #expect(result.best.map(\.sharpe) == all.prefix(7).map(\.performance.sharpe))
        #expect(result.best.map(\.maxDrawdown) == all.prefix(7).map(\.performance.maxDrawdown))
        let returns = all.map(\.performance.totalReturn)
        #expect(abs(result.totalReturn.mean - returns.reduce(0, +) / Double(returns.count)) < 1e-12)
        #expect(result.totalReturn.greatest == returns.max() && result.totalReturn.least == returns.min())
    }

    @Test func `conditions exclude combinations, and a portfolio is swept too`() throws {
        let fixture = try Fixture(
            kind: "sweep", Self.grid + "\nconstraints: [\"rule.fast < rule.slow\"]\nobjective: {maximize: totalReturn}",
            symbols: ["AAA", "BBB"])
        let result = try sweep(fixture, 0, 132)
        #expect(result.excluded == 22)
        let best = try #require(result.best.first)
        // Five places of fast are 12 combinations each.
        let (fast, rest) = Int(best.index).quotientAndRemainder(dividingBy: 12)
        let rule = RuleStrategy.movingAverageCross(fast: fast + 2, slow: 5 * (rest / 2 + 1), short: rest % 2 == 1)
        let universe = try Universe(fixture.dataset.series)
        let allocation = try Allocation(signals: fixture.dataset.series.map { try rule.targets(bars: $0) }, universe: universe)
        #expect(try best.totalReturn == Performance(Portfolio.run(universe, allocation, costs: Fixture.costs)).totalReturn)
    }

    @Test func `the same block has the same digest, another one another`() throws {
        let fixture = try Fixture(kind: "sweep", Self.grid)
        #expect(try sweep(fixture, 10, 20).digest == sweep(fixture, 10, 20).digest)
        #expect(try sweep(fixture, 10, 20).digest != sweep(fixture, 11, 20).digest)
    }

    @Test func `a block that is not of the grid is refused, and a stopped one ends`() throws {
        let fixture = try Fixture(kind: "sweep", Self.grid)
        for (first, count) in [(-1, 5), (0, 0), (0, -3), (0, 133), (132, 1), (.max, 1), (5, .max)] as [(Int64, Int64)] {
            #expect(WorkerTask.code { _ = try sweep(fixture, first, count) } == "E_SWEEP_RANGE", "\(first) \(count)")
        }
        let flag = StopFlag()
        flag.set()
        #expect(
            WorkerTask.code { _ = try fixture.run(.sweep(.with { ($0.first, $0.count) = (0, 5) }), flag) } == "E_TASK_STOPPED")
        let other = try Fixture()
        #expect(WorkerTask.code { _ = try sweep(other, 0, 1) } == "E_TASK_KIND")
    }
}
