import Backtest
import Cluster
import MarketData
import Specs
import SwiftProtobuf
import Wire

/// One split of a cross-validation: fit on its train folds, which lie on both sides of what is tested, and decide on its test folds.
struct FoldWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoFoldTask, _ context: TaskContext) throws -> ProtoWindowResult {
        guard case .crossValidate(let spec) = material.spec.body else { throw WorkloadError.notThisJob() }
        let split = try spec.folds.split(Int(task.split), bars: material.bars)
        let whole = 0..<material.bars
        let series = try material.clipped(to: whole)
        try context.checkStopped()
        let rows: [[Double]]
        switch spec.backtest.strategy.body {
        case .rule(let rule):
            rows = try series.map { one in
                let targets = try rule.targets(bars: one.read(whole))
                return split.test.flatMap { one.carried(Array(targets[one.own($0)]), over: $0) }
            }
        case .model(let model):
            guard !split.train.isEmpty else { throw WorkloadError.noTrainBars(Int(task.split)) }
            let panels = try series.map { try FittedStrategy.Panel($0, range: whole, features: model.features) }
            let fitted = try FittedStrategy(model, on: panels, train: split.train)
            rows = try panels.map { panel in try split.test.flatMap { try fitted.targets(panel, $0) } }
        }
        return .with { $0.positions = rows.map { row in .with { $0.positions = row } } }
    }
}
