import Backtest
import Cluster
import Registry
import Search
import Specs
import SwiftProtobuf
import Wire

/// Some thousand combinations of a rule's numbers, run one after the other with what they share computed once.
struct SweepWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoSweepTask, _ context: TaskContext) throws -> ProtoSweepResult {
        guard case .sweep(let spec) = material.spec.body else { throw WorkloadError.notThisJob() }
        guard task.first >= 0, task.count > 0, task.first <= Int64(spec.size), task.count <= Int64(spec.size) - task.first else {
            throw WorkloadError.combinations(task.first, task.count, of: spec.size)
        }
        let market = try material.aligned().map { bars throws(BacktestError) in try PricedBars(bars) }
        var sweep = try RuleSweep(market, costs: material.costs, limits: material.limits)
        var ranking = SweepRanking(limit: spec.keep, by: spec.measure, isLargerBetter: spec.direction == .maximize)
        var sharpe = SweepSummary(), totalReturn = SweepSummary(), maxDrawdown = SweepSummary()
        var excluded: Int64 = 0
        var hasher = ContentHasher()
        for index in Int(task.first)..<Int(task.first + task.count) {
            try context.checkStopped()
            guard let rule = spec.rule(at: index) else {
                excluded += 1
                continue
            }
            let result = try sweep.result(of: rule)
            ranking.add(.init(index: index, result: result))
            sharpe.add(result.sharpe)
            totalReturn.add(result.totalReturn)
            maxDrawdown.add(result.maxDrawdown)
            for value in [result.sharpe, result.totalReturn, result.maxDrawdown] {
                // All that is not a number is the same.
                let bits = value.isNaN ? UInt64.max : value.bitPattern
                withUnsafeBytes(of: bits.littleEndian) { hasher.update($0) }
            }
        }
        return .with {
            $0.best = ranking.entries.map(ProtoSweepEntry.init)
            $0.excluded = excluded
            $0.sharpe = ProtoSweepSpread(sharpe)
            $0.totalReturn = ProtoSweepSpread(totalReturn)
            $0.maxDrawdown = ProtoSweepSpread(maxDrawdown)
            $0.digest = hasher.finish()
        }
    }
}

extension ProtoSweepEntry {
    init(_ entry: SweepRanking.Entry) {
        self.init()
        index = Int64(entry.index)
        // A number that is ranked by is finite; the others are left at zero where they are not.
        sharpe = entry.result.sharpe.isFinite ? entry.result.sharpe : 0
        totalReturn = entry.result.totalReturn
        maxDrawdown = entry.result.maxDrawdown
    }
}

extension ProtoSweepSpread {
    init(_ summary: SweepSummary) {
        self.init()
        count = Int64(summary.count)
        guard summary.count > 0 else { return }
        (mean, squares, least, greatest) = (summary.mean, summary.squares, summary.least, summary.greatest)
    }
}
