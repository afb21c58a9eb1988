import Backtest
import MarketData
import SwiftProtobuf
import Testing
import Wire

@Suite struct StitchWorkloadTests {
    private func task(
        _ fixture: Fixture, _ tests: [Range<Int>], parameters: String = Fixture.parameters
    ) throws -> ProtoStitchTask {
        let windows = try tests.map {
            try fixture.window(train: ($0.lowerBound - 150)..<$0.lowerBound, test: $0, parameters: parameters)
        }
        return .with {
            $0.trial = 4
            $0.parameters = parameters
            $0.range = .bars(tests[0].lowerBound..<tests[tests.count - 1].upperBound)
            $0.windows = windows
            $0.tests = tests.map(ProtoBarRange.bars)
        }
    }

    @Test func `a stitch is one run over the windows' positions end to end`() throws {
        let fixture = try Fixture()
        let task = try task(fixture, [200..<250, 250..<300, 300..<350])
        let result = try fixture.run(.stitch(task)).stitch
        let positions = task.windows.flatMap { $0.positions[0].positions }
        let run = try Engine.run(
            bars: fixture.dataset.series[0].slice(200..<350), targets: positions, costs: Fixture.costs, limits: Fixture.limits)
        #expect(result.returns == run.returns)
        #expect(result.times == run.times)
        #expect(try result.metrics["sharpe"] == Performance(run).sharpe)
        #expect(try result.metrics["totalReturn"] == Performance(run).totalReturn)
        #expect(result.metrics.values.allSatisfy { $0.isFinite })
        #expect(result.trades.count == run.trades.count && !result.trades.isEmpty)
        #expect(result.trial == 4 && result.range == task.range)
    }

    @Test func `the first trial's record has the benchmark: an equal share of every series, held`() throws {
        let fixture = try Fixture(symbols: ["AAA", "BBB"])
        var task = try task(fixture, [200..<250, 250..<300])
        #expect(try fixture.run(.stitch(task)).stitch.benchmark.isEmpty)
        task.trial = 0
        let benchmark = try fixture.run(.stitch(task)).stitch.benchmark
        let closes = fixture.dataset.series.map(\.adjustedClose)
        let held = (199..<300).map { bar in closes.reduce(0) { $0 + $1[bar] / $1[199] } / 2 }
        #expect(benchmark.count == 100)
        for bar in benchmark.indices { #expect(abs(benchmark[bar] - (held[bar + 1] / held[bar] - 1)) < 1e-12) }
    }

    @Test func `several series are a portfolio`() throws {
        let fixture = try Fixture(symbols: ["AAA", "BBB"])
        let task = try task(fixture, [200..<250, 250..<300])
        let result = try fixture.run(.stitch(task)).stitch
        let universe = try Universe(fixture.dataset.series.map { $0.slice(200..<300) }, lasts: [.max, .max])
        let allocation = try Allocation(
            signals: (0..<2).map { place in task.windows.flatMap { $0.positions[place].positions } }, universe: universe)
        #expect(
            try result.returns
                == Portfolio.run(universe, allocation, costs: Fixture.costs, limits: Fixture.limits).returns)
    }

    @Test func `a sizing that looks back sees the bars before the range`() throws {
        let sizing = "sizing: {kind: volatility, target: 0.2, window: 30, rebalance: 5}"
        let fixture = try Fixture(symbols: ["AAA", "BBB"], sections: sizing)
        let task = try task(fixture, [200..<250])
        let result = try fixture.run(.stitch(task)).stitch
        let series = fixture.dataset.series
        let universe = try Universe(series.map { $0.slice(200..<250) }, lasts: [.max, .max])
        let allocation = try Allocation(
            signals: (0..<2).map { task.windows[0].positions[$0].positions }, universe: universe,
            sizing: Sizing(.volatility(target: 0.2, window: 30), rebalance: 5),
            history: series.map { $0.slice(169..<200).adjustedClose })
        let run = try Portfolio.run(universe, allocation, costs: Fixture.costs, limits: Fixture.limits)
        #expect(result.returns == run.returns && run.positions[1] != 0)
    }

    @Test func `bars between two tests are flat`() throws {
        let fixture = try Fixture()
        let task = try task(fixture, [200..<220, 300..<320])
        let result = try fixture.run(.stitch(task)).stitch
        let positions = task.windows.map { $0.positions[0].positions }
        let run = try Engine.run(
            bars: fixture.dataset.series[0].slice(200..<320),
            targets: positions[0] + [Double](repeating: 0, count: 80) + positions[1], costs: Fixture.costs, limits: Fixture.limits
        )
        #expect(result.returns == run.returns)
        #expect(result.returns[30..<100].allSatisfy { $0 == 0 })
    }

    @Test func `windows that do not fit together are refused`() throws {
        let fixture = try Fixture()
        let whole = try task(fixture, [200..<250, 250..<300])
        let changes: [(inout ProtoStitchTask) -> Void] = [
            { $0.windows.removeLast() }, { $0.windows = [] }, { $0.windows[0].positions = [] },
            { $0.windows[0].positions += $0.windows[0].positions }, { $0.windows[1].positions[0].positions.removeLast() },
            { $0.tests[1] = .bars(260..<310) }, { $0.tests[0] = .bars(199..<249) }, { $0.tests[0] = .bars(200..<249) },
        ]
        for (number, change) in changes.enumerated() {
            var task = whole
            change(&task)
            #expect(WorkerTask.code { _ = try fixture.run(.stitch(task)) } == "E_STITCH", "change \(number)")
        }
        var nan = whole
        nan.windows[0].positions[0].positions[3] = .nan
        #expect(WorkerTask.code { _ = try fixture.run(.stitch(nan)) } == "E_TARGET_NOT_FINITE")
    }
}
