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
        let decision = try WindowDecision(strategy, series, train: train, test: test)
        var result = try measure(decision.tested, test, decision.trained, train)
        result.test = task.test
        result.key = try material.windowKey(task.parameters)?.digest(train: train, test: test) ?? ""
        return result
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
            // A window without a trade, say, may have no value; it neither helps nor harms.
            if let metric = material.windowObjective {
                $0.objective = tested[metric].flatMap { $0.isFinite ? $0 : nil } ?? 0
            }
        }
    }
}
