import Backtest
import Cluster
import MarketData
import Specs
import SwiftProtobuf
import Wire

/// One window of one trial: fit on the train range, decide positions on the test range, and measure both.
struct WindowWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoWindowTask, _ context: TaskContext) throws -> ProtoWindowResult {
        let train = try material.range(task.train)
        let test = try material.range(task.test)
        // A train range that reaches into or past the test range would let the fit see what it is judged on.
        guard !test.isEmpty, train.isEmpty || train.upperBound <= test.lowerBound else { throw WorkloadError.order(train, test) }
        let strategy = try material.strategy(task.parameters)
        try context.checkStopped()
        // Everything before the test's end may be read, and nothing after it: look-ahead is an error, not a bug.
        let series = try material.clipped(to: 0..<test.upperBound)
        switch strategy.body {
        case .model(let model): return try run(model, series, train: train, test: test)
        case .rule(let rule): return try run(rule, series, train: train, test: test)
        }
    }

    private func run(
        _ strategy: ResolvedModelStrategy, _ series: [CalendarSeries], train: Range<Int>, test: Range<Int>
    ) throws -> ProtoWindowResult {
        let range = train.lowerBound..<test.upperBound
        let lookback = FeatureMatrix.lookback(of: strategy.features)
        let panels = try series.map { try FittedStrategy.Panel($0, range: range, before: lookback, features: strategy.features) }
        let fitted = try FittedStrategy(strategy, on: panels, train: train)
        let positions = try panels.map { try fitted.targets($0, test) }
        let inSample = try panels.map { try fitted.targets($0, train) }
        return try measure(positions, test, inSample, train)
    }

    private func run(
        _ rule: RuleStrategy, _ series: [CalendarSeries], train: Range<Int>, test: Range<Int>
    ) throws -> ProtoWindowResult {
        let range = (train.isEmpty ? test.lowerBound : train.lowerBound)..<test.upperBound
        var positions: [[Double]] = []
        var inSample: [[Double]] = []
        for one in series {
            let targets = try rule.targets(bars: one.read(range, before: rule.lookback))
            let first = one.first(range, rule.lookback)
            func part(_ range: Range<Int>) -> [Double] {
                let own = one.own(range)
                return one.carried(Array(targets[(own.lowerBound - first)..<(own.upperBound - first)]), over: range)
            }
            positions.append(part(test))
            if !train.isEmpty { inSample.append(part(train)) }
        }
        return try measure(positions, test, inSample, train)
    }

    private func measure(
        _ positions: [[Double]], _ test: Range<Int>, _ inSample: [[Double]], _ train: Range<Int>
    ) throws -> ProtoWindowResult {
        let tested = try Performance(material.run(positions, over: test))
        let trained = inSample.isEmpty ? nil : try Performance(material.run(inSample, over: train))
        return ProtoWindowResult.with {
            $0.positions = positions.map { row in ProtoPositionRow.with { $0.positions = row } }
            $0.totalReturn = tested.totalReturn
            $0.sharpe = tested.sharpe.isFinite ? tested.sharpe : 0
            $0.trainSharpe = trained.map { $0.sharpe.isFinite ? $0.sharpe : 0 } ?? 0
        }
    }
}
