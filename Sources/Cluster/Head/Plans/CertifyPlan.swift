import Backtest
import Registry
import Scheduling
import Specs
import SwiftProtobuf
import Wire

/// A certification: each task changes the future of one series after some bars. The job succeeds when nothing moved before.
struct CertifyPlan: JobPlan {
    private let spec: CertifySpec
    private let series: Int
    private var tally = TaskTally()
    /// Leaks by symbol, with the task they were found by.
    private var leaks: [LeakView] = []
    private var trials = 0

    init(_ spec: CertifySpec, series: Int) {
        self.spec = spec
        self.series = series
    }

    var taskCount: Int { series * spec.blocks }
    var progress: PlanProgress { PlanProgress() }

    mutating func start(_: RecordedTrials) -> PlanStep { PlanStep(tasks: [.range(0..<Int32(taskCount))]) }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        if end == .succeeded, let found = result?.certify {
            trials += Int(found.trials)
            leaks += found.leaks.map(LeakView.init)
            tally.count(end, error: nil)
        } else {
            tally.count(end, error: error)
        }
        guard tally.ended == taskCount else { return PlanStep() }
        let nearest = nearestLeaks()
        let lines = ["\(trials) trials, \(tally.failed) failed"] + nearest.map { "\($0)" }
        var conclusion = PlanConclusion(
            result: JobResult(
                resultHash: ContentHash.sha256(lines.joined(separator: "\n").utf8), tasks: tally.ended, failed: tally.failed,
                metrics: ["trials": Double(trials), "leaks": Double(nearest.count)]))
        conclusion.result.leaks = nearest
        conclusion.error = tally.failure
        if conclusion.error == nil, let first = nearest.first {
            conclusion.error = ErrorView(code: "E_LOOK_AHEAD", message: "the strategy looks ahead: \(first)")
        }
        return PlanStep(conclusion: conclusion)
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        let (series, block) = Int(index).quotientAndRemainder(dividingBy: spec.blocks)
        return .with { $0.certify = .with { ($0.series, $0.block) = (Int32(series), Int32(block)) } }
    }

    /// Of each series and kind the leak nearest to its cause, in order of symbol; the same whatever order results came in.
    private func nearestLeaks() -> [LeakView] {
        Set(leaks.map(\.symbol)).sorted().flatMap { symbol in
            Certification.Leak.nearest(
                leaks.filter { $0.symbol == symbol }.map { .init(what: $0.what, bar: $0.bar, changedFrom: $0.changedFrom) }
            ).map { LeakView(symbol: symbol, what: $0.what, bar: $0.bar, changedFrom: $0.changedFrom) }
        }
    }
}

extension LeakView {
    init(_ row: ProtoLeakRow) {
        self.init(symbol: row.symbol, what: row.what, bar: Int(row.bar), changedFrom: Int(row.changedFrom))
    }
}
