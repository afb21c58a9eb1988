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
        _ strategy: ResolvedModelStrategy, _ series: [ClippedBars], train: Range<Int>, test: Range<Int>
    ) throws -> ProtoWindowResult {
        let first = max(0, train.lowerBound - FeatureMatrix.lookback(of: strategy.features))
        let panels = try series.map { try FittedStrategy.Panel($0, range: first..<test.upperBound, features: strategy.features) }
        let fitted = try FittedStrategy(strategy, on: panels, train: train)
        let positions = try panels.map { try fitted.targets($0, test) }
        let inSample = try panels.map { try fitted.targets($0, train) }
        return try measure(series, positions, test, inSample, train)
    }

    private func run(
        _ rule: RuleStrategy, _ series: [ClippedBars], train: Range<Int>, test: Range<Int>
    ) throws -> ProtoWindowResult {
        let first = max(0, min(train.isEmpty ? test.lowerBound : train.lowerBound, test.lowerBound) - rule.lookback)
        var positions: [[Double]] = []
        var inSample: [[Double]] = []
        for bars in series {
            let targets = try rule.targets(bars: bars.read(first..<test.upperBound))
            positions.append(Array(targets[(test.lowerBound - first)...]))
            if train.isEmpty { continue }
            inSample.append(Array(targets[(train.lowerBound - min(first, train.lowerBound))..<max(0, train.upperBound - first)]))
        }
        return try measure(series, positions, test, train.isEmpty ? [] : inSample, train)
    }

    private func measure(
        _ series: [ClippedBars], _ positions: [[Double]], _ test: Range<Int>, _ inSample: [[Double]], _ train: Range<Int>
    ) throws -> ProtoWindowResult {
        let tested = try performance(series, positions, test)
        let trained = inSample.isEmpty ? nil : try performance(series, inSample, train)
        return ProtoWindowResult.with {
            $0.positions = positions.map { row in ProtoPositionRow.with { $0.positions = row } }
            $0.totalReturn = tested.totalReturn
            $0.sharpe = tested.sharpe.isFinite ? tested.sharpe : 0
            $0.trainSharpe = trained.map { $0.sharpe.isFinite ? $0.sharpe : 0 } ?? 0
            // A window without a trade, say, may have no value; it neither helps nor harms.
            if let metric = material.windowObjective {
                $0.objective = tested[metric].flatMap { $0.isFinite ? $0 : nil } ?? 0
            }
        }
    }

    private func performance(_ series: [ClippedBars], _ positions: [[Double]], _ range: Range<Int>) throws -> Performance {
        let sleeves = try zip(series, positions).map { bars, targets in
            Portfolio.Sleeve(bars: try bars.read(range), targets: targets)
        }
        return try Performance(Runs.run(sleeves, costs: material.costs, limits: material.limits))
    }
}

/// Runs one series through the engine, several through a portfolio.
enum Runs {
    static func run(_ sleeves: [Portfolio.Sleeve], costs: Costs, limits: Limits) throws -> BacktestResult {
        guard sleeves.count == 1 else { return try Portfolio.run(sleeves, costs: costs, limits: limits) }
        return try Engine.run(bars: sleeves[0].bars, targets: sleeves[0].targets, costs: costs, limits: limits)
    }
}
