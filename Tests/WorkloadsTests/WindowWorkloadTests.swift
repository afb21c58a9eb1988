import Backtest
import Cluster
import Learning
import MarketData
import SwiftProtobuf
import Testing
import Wire
import Workloads

@Suite struct WindowWorkloadTests {
    @Test func `a model's window is fit, predict and position, as computed by hand`() throws {
        let fixture = try Fixture()
        let (train, test) = (100..<300, 300..<350)
        let result = try fixture.window(train: train, test: test)
        let bars = fixture.dataset.series[0]
        let names = try FeatureName.parse(["return_1", "return_5", "volatility_20"])
        let first = train.lowerBound - FeatureMatrix.lookback(of: names)
        let slice = bars.slice(first..<test.upperBound)
        let features = FeatureMatrix.compute(names, of: slice)
        let model = try ModelTrainer.fit(
            ModelRecipe(kind: .ridge, l2: 0.5, features: names, horizon: 2), features: features, closes: slice.adjustedClose,
            rows: (train.lowerBound - first)..<(train.upperBound - first))
        let trained = try model.predict(features, rows: (train.lowerBound - first)..<(train.upperBound - first)).filter(
            \.isFinite)
        let mean = trained.reduce(0, +) / Double(trained.count)
        let scale = (trained.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(trained.count - 1)).squareRoot()
        let predictions = try model.predict(features, rows: (test.lowerBound - first)..<(test.upperBound - first))
        let expected = try PositionRule(kind: "proportional").targets(predictions: predictions, scale: scale)
        #expect(result.positions.count == 1)
        let positions = result.positions[0].positions
        #expect(positions.count == test.count)
        #expect(zip(positions, expected).allSatisfy { abs($0 - $1) < 1e-9 })
        #expect(Set(positions).count > 10)
        let run = try Engine.run(bars: bars.slice(test), targets: positions, costs: Fixture.costs, limits: Fixture.limits)
        #expect(try result.totalReturn == Performance(run).totalReturn)
        #expect(try result.sharpe == Performance(run).sharpe)
        #expect(result.trainSharpe != 0)
    }

    @Test func `a rule's window is the rule's positions`() throws {
        let fixture = try Fixture(strategy: Fixture.rule)
        let result = try fixture.window(parameters: Fixture.ruleParameters)
        let rule = RuleStrategy.movingAverageCross(fast: 5, slow: 20, short: true)
        let expected = try rule.targets(bars: fixture.dataset.series[0].slice(0..<350))
        #expect(result.positions[0].positions == Array(expected[300...]))
        #expect(result.trainSharpe != 0)
        // Without a train range only the test is measured.
        let untrained = try fixture.window(train: 0..<0, parameters: Fixture.ruleParameters)
        #expect(untrained.positions == result.positions && untrained.trainSharpe == 0)
    }

    @Test func `a study with a pruner is told what the objective is for each window`() throws {
        let search = "trials: 3, pruner: window"
        let plain = try Fixture().window()
        #expect(!plain.hasObjective)
        let sharpe = try Fixture(search: search).window()
        #expect(sharpe.objective == sharpe.sharpe && sharpe.sharpe == plain.sharpe && sharpe.sharpe != 0)
        let total = try Fixture(search: search, objective: "maximize: totalReturn").window()
        #expect(total.objective == total.totalReturn)
    }

    @Test func `every series has its row, in order`() throws {
        let fixture = try Fixture(symbols: ["AAA", "BBB", "CCC"])
        let result = try fixture.window()
        #expect(result.positions.count == 3 && result.positions.allSatisfy { $0.positions.count == 50 })
        #expect(Set(result.positions.map(\.positions)).count == 3)
    }

    @Test(arguments: [Fixture.model, Fixture.rule])
    func `bars after the test change nothing before`(strategy: String) throws {
        let parameters = strategy == Fixture.model ? Fixture.parameters : Fixture.ruleParameters
        let original = try Fixture(strategy: strategy)
        let bars = original.dataset.series[0]
        func bent(_ values: [Double]) -> [Double] { values.enumerated().map { $0 < 350 ? $1 : $1 * 3 } }
        let future = try Bars(
            symbol: bars.symbol, time: bars.time, open: bent(bars.open), high: bent(bars.high), low: bent(bars.low),
            close: bent(bars.close), adjustedClose: bent(bars.adjustedClose), volume: bars.volume)
        let changed = try Fixture(Dataset(series: [future]), strategy: strategy)
        #expect(changed.dataset.sha256 != original.dataset.sha256)
        var (known, other) = (try original.window(parameters: parameters), try changed.window(parameters: parameters))
        // The key names the dataset, which is another one.
        #expect(known.key.utf8.count == 64 && known.key != other.key)
        (known.key, other.key) = ("", "")
        #expect(known == other)
        // A change within the test range is seen.
        #expect(
            try original.window(test: 300..<400, parameters: parameters)
                != changed.window(test: 300..<400, parameters: parameters))
    }

    @Test func `the same window gives the same bytes on every worker`() throws {
        let fixture = try Fixture(symbols: ["AAA", "BBB"])
        let again = try Fixture(symbols: ["AAA", "BBB"])
        let bytes: [UInt8] = try fixture.window().serializedBytes()
        #expect(try again.window().serializedBytes() == bytes)
    }

    @Test(arguments: [
        (0..<200, 380..<401), (0..<200, 500..<600), (200..<401, 0..<50), (300..<400, 100..<200), (100..<320, 300..<350),
        (0..<200, 300..<300),
    ])
    func `ranges that are not of the data, or out of order, are refused`(train: Range<Int>, test: Range<Int>) throws {
        for (strategy, parameters) in [(Fixture.model, Fixture.parameters), (Fixture.rule, Fixture.ruleParameters)] {
            let fixture = try Fixture(strategy: strategy)
            #expect(
                WorkerTask.code { _ = try fixture.window(train: train, test: test, parameters: parameters) } == "E_WINDOW_RANGE")
        }
    }

    @Test(arguments: [(Int64.min, Int64.max), (10, 5), (-1, 5), (0, .max), (.max, .min)])
    func `numbers that make no range are refused`(start: Int64, end: Int64) throws {
        let fixture = try Fixture()
        let range = ProtoBarRange.with { ($0.start, $0.end) = (start, end) }
        let code = WorkerTask.code {
            _ = try fixture.run(
                .window(.with { ($0.parameters, $0.train, $0.test) = (Fixture.parameters, range, .bars(300..<350)) }))
        }
        #expect(code == "E_WINDOW_RANGE")
        #expect(WorkerTask.code { _ = try fixture.run(.stitch(.with { $0.range = range })) } == "E_WINDOW_RANGE")
        #expect(WorkerTask.code { _ = try fixture.run(.fit(.with { $0.train = range })) } == "E_WINDOW_RANGE")
        #expect(WorkerTask.code { _ = try fixture.run(.compare(.with { $0.holdout = range })) } == "E_WINDOW_RANGE")
    }

    @Test func `reading past a clip is look-ahead`() throws {
        let clipped = try ClippedBars(Fixture.market().series[0], readable: 0..<350)
        #expect(WorkerTask.code { _ = try clipped.read(300..<351) } == "E_LOOK_AHEAD")
    }

    @Test func `parameters that are no point of the space are refused`() throws {
        let fixture = try Fixture()
        for parameters in ["{}", #"{"model.l2":1e9}"#, #"{"model.l2":"x"}"#, #"{"model.l2":1,"other":2}"#] {
            #expect(WorkerTask.code { _ = try fixture.window(parameters: parameters) } != nil, "\(parameters)")
        }
        #expect(throws: (any Error).self) { try fixture.window(parameters: "[") }
    }

    @Test func `a stopped attempt ends before it computes`() throws {
        let flag = StopFlag()
        flag.set()
        let fixture = try Fixture()
        let code = WorkerTask.code {
            _ = try fixture.run(
                .window(.with { ($0.parameters, $0.train, $0.test) = (Fixture.parameters, .bars(100..<300), .bars(300..<350)) }),
                flag)
        }
        #expect(code == "E_TASK_STOPPED")
    }

    @Test func `a series that lacks bars has a position for every bar of the calendar`() throws {
        let series = try Fixture.market(["AAA", "BBB"]).series
        let kept = (150..<330).filter { !$0.isMultiple(of: 7) }
        func pick<Value>(_ column: [Value]) -> [Value] { kept.map { column[$0] } }
        let holed = try Bars(
            symbol: "BBB", time: pick(series[1].time), open: pick(series[1].open), high: pick(series[1].high),
            low: pick(series[1].low), close: pick(series[1].close), adjustedClose: pick(series[1].adjustedClose),
            volume: pick(series[1].volume))
        for (strategy, parameters) in [(Fixture.model, Fixture.parameters), (Fixture.rule, Fixture.ruleParameters)] {
            let fixture = try Fixture(Dataset(series: [series[0], holed]), strategy: strategy)
            let result = try fixture.window(parameters: parameters)
            #expect(result.positions.map(\.positions.count) == [50, 50])
            let positions = result.positions[1].positions
            // Bars 301, 308 ... are not there, and nothing is after 329.
            for bar in stride(from: 301, to: 350, by: 7) { #expect(positions[bar - 300] == positions[bar - 301]) }
            #expect(positions[30...].allSatisfy { $0 == positions[29] } && Set(positions).count > 1)
            // A run over the window is the portfolio of what each series has of it.
            let task = ProtoStitchTask.with {
                ($0.parameters, $0.range, $0.windows, $0.tests) = (parameters, .bars(300..<350), [result], [.bars(300..<350)])
            }
            let stitch = try fixture.run(.stitch(task)).stitch
            let own = holed.time.count { $0 < series[0].time[300] }
            let parts = [series[0].slice(300..<350), holed.slice(own..<holed.count)]
            let universe = try Universe(parts)
            let signals = [
                result.positions[0].positions, kept.filter { $0 >= 300 }.map { positions[$0 - 300] },
            ]
            let allocation = try Allocation(signals: signals, universe: universe)
            let run = try Portfolio.run(universe, allocation, costs: Fixture.costs, limits: Fixture.limits)
            #expect(stitch.returns == run.returns && stitch.times == series[0].slice(300..<350).time)
            #expect(run.trades.contains { $0.exitReason == .delisting } || positions[28] == 0)
        }
    }

    @Test func `a task of another kind of job, or of none, is refused`() throws {
        let drill = WorkerJob(id: 2, spec: #"{"job":"drill","name":"d","tasks":3}"#)
        let fixture = try Fixture()
        #expect(WorkerTask.code { _ = try WorkerTask.run(.fit(.init()), of: drill, fixture.context()) } == "E_TASK_KIND")
        #expect(WorkerTask.code { _ = try WorkerTask.run(nil, of: fixture.job, fixture.context()) } == "E_TASK_KIND")
        #expect(WorkerTask.code { _ = try fixture.run(.drill(.init())) } == "E_TASK_KIND")
    }
}
