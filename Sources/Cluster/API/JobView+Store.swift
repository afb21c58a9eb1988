import Foundation
package import Scheduling
import SwiftProtobuf
import Wire

extension JobView {
    /// The view of a job; `progress` is known while it is open.
    package init(_ summary: JobSummary, progress: ProgressView? = nil) {
        let record = summary.record
        self.init(
            id: record.id.rawValue, uid: record.uid, name: record.name, kind: record.kind, state: summary.end?.state ?? "running",
            priority: record.priority, specHash: record.specHash, dataset: record.dataset, submittedAt: record.submittedAt,
            endedAt: summary.end?.endedAt, progress: progress)
        guard let end = summary.end else {
            if summary.isPaused { paused = true }
            return
        }
        result = try? JSONDecoder().decode(JobResult.self, from: Data(end.result.utf8))
        if let code = end.errorCode { error = ErrorView(code: code, message: end.errorMessage ?? "") }
    }
}

extension TaskView {
    package init(_ record: TaskRecord) {
        self.init(
            index: record.task.index, state: record.end.rawValue, attempt: record.attempt?.description, worker: record.worker,
            ranMicroseconds: record.ranMicroseconds,
            error: record.errorCode.map { ErrorView(code: $0, message: record.errorMessage ?? "") })
        guard let command = ProtoCommandResult(ofTask: record) else { return }
        metrics = command.metrics.filter(\.value.isFinite)
        artifacts = command.artifacts.map { OutputFileView(name: $0.name, sha256: $0.sha256, bytes: $0.bytes) }
    }
}

extension TrialView {
    package init(_ record: TrialRecord) {
        self.init(
            number: record.number, state: record.state, parameters: CanonicalJSON.decode(record.parameters) ?? [:],
            objective: record.objective, metrics: CanonicalJSON.decode(record.metrics) ?? [:],
            error: record.errorCode.map { ErrorView(code: $0, message: record.errorMessage ?? "") },
            steps: record.steps.map { Int($0) }, reason: record.reason)
    }
}

extension ProtoCommandResult {
    /// The result of a task that ran a program; nil for others.
    fileprivate init?(ofTask record: TaskRecord) {
        // The tag of TaskResult.command: results of other kinds can be long and are not decoded for a list.
        guard record.end == .succeeded, record.result.starts(with: [0x82, 0x01]),
            let result = try? ProtoTaskResult(serializedBytes: record.result), case .command(let command) = result.kind
        else { return nil }
        self = command
    }
}
