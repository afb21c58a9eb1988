import Registry
import Scheduling
import Specs
import SwiftProtobuf
import Wire

/// A program run once for each task of a job array; the tasks do not depend on each other.
struct CommandPlan: JobPlan {
    private let spec: CommandSpec
    private var finished = 0
    private var failed = 0
    private var firstError: ErrorView?
    /// Metrics of the only task, or of the first member of the only gang; an array's are with its tasks.
    private var metrics: [String: Double]?
    /// A sum over the results, so that it comes to the same in any order.
    private var digest = SIMD4<UInt64>.zero

    init(_ spec: CommandSpec) { self.spec = spec }

    var taskCount: Int { spec.taskCount }
    var progress: PlanProgress { PlanProgress() }

    mutating func start(_: RecordedTrials) -> PlanStep { PlanStep(tasks: [.range(0..<Int32(taskCount))]) }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        finished += 1
        if end == .succeeded, let result {
            digest &+= CommandScore.digest(result.command, of: index)
            if spec.length == 1, index == 0 { metrics = result.command.metrics.filter(\.value.isFinite) }
        } else {
            failed += 1
            if firstError == nil { firstError = error }
        }
        guard finished == taskCount else { return PlanStep() }
        let text = (0..<4).map { String(digest[$0], radix: 16) }.joined(separator: " ")
        let hash = ContentHash.sha256("\(taskCount) tasks, \(failed) failed, \(text)".utf8)
        var conclusion = PlanConclusion(
            result: JobResult(
                resultHash: hash, tasks: finished, failed: failed, metrics: metrics?.isEmpty == true ? nil : metrics))
        if failed > 0 {
            let cause = firstError ?? ErrorView(code: "E_CANCELLED", message: "it was cancelled")
            conclusion.error = ErrorView(
                code: cause.code,
                message: taskCount == 1 ? cause.message : "\(failed) of \(finished) tasks failed: \(cause.message)")
        }
        return PlanStep(conclusion: conclusion)
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        .with {
            $0.command = .with {
                ($0.index, $0.attempt) = (index, Int32(clamping: attempt))
                $0.parameters = CanonicalJSON.encode(spec.parameters(of: Int(index)))
                $0.rank = UInt32(Int(index) % max(spec.gang, 1))
            }
        }
    }
}
