import Registry
import Scheduling
import SwiftProtobuf
import Wire

/// A drill: a number of independent tasks that exercise the cluster.
struct DrillPlan: JobPlan {
    let taskCount: Int
    private var finished = 0
    private var failed = 0
    private var firstError: ErrorView?

    init(tasks: Int) { taskCount = tasks }

    var progress: PlanProgress { PlanProgress() }

    mutating func start(_: RecordedTrials) -> PlanStep { PlanStep(tasks: [.range(0..<Int32(taskCount))]) }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        count(1, end, error: error)
    }

    /// What its tasks return is nothing.
    var readsResults: Bool { false }

    mutating func restored(_ range: EndedRange, error: ErrorView?) -> PlanStep {
        count(range.indices.count, range.end, error: error)
    }

    private mutating func count(_ tasks: Int, _ end: TaskEnd, error: ErrorView?) -> PlanStep {
        finished += tasks
        if end != .succeeded {
            failed += tasks
            if firstError == nil { firstError = error }
        }
        guard finished == taskCount else { return PlanStep() }
        let hash = ContentHash.sha256("\(taskCount) tasks, \(failed) failed".utf8)
        var conclusion = PlanConclusion(result: JobResult(resultHash: hash, tasks: finished, failed: failed))
        if let firstError {
            conclusion.error = ErrorView(
                code: firstError.code, message: "\(failed) of \(finished) tasks failed: \(firstError.message)")
        }
        return PlanStep(conclusion: conclusion)
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        .with { $0.drill = ProtoDrillTask.with { ($0.index, $0.attempt) = (index, Int32(clamping: attempt)) } }
    }
}
