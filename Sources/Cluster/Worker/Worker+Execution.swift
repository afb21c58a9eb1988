import Diagnostics
import Foundation
import Scheduling
import SwiftProtobuf
import Wire

extension Worker {
    /// Runs one attempt on the calling thread; result or error go into `report`.
    func execute(
        _ attempt: TaskAttempt, _ payload: ProtoTaskPayload?, _ job: WorkerJob?, _ flag: StopFlag, _ gpus: [Int]?,
        _ report: inout ProtoReport
    ) -> AttemptOutcome {
        guard let payload, let job else {
            report.errorCode = "E_JOB_BODY"
            report.errorMessage = "the task came without its job"
            return .failed(retryable: true)
        }
        do {
            let context = TaskContext(
                blobs: blobs, stopped: flag, scratchFolder: configuration.scratchFolder, gpus: gpus,
                channel: AttemptChannel(attempt: attempt, worker: self))
            let result = try runner.run(payload, of: job, context: context)
            report.result = try result.serializedBytes()
            return .succeeded
        } catch let error as any DiagnosticError {
            report.errorCode = error.code
            report.errorMessage = error.message
            if flag.isSet { return .cancelled }
            return .failed(retryable: error.category == .unavailable)
        } catch {
            report.errorCode = "E_TASK"
            report.errorMessage = "\(error)"
            return flag.isSet ? .cancelled : .failed(retryable: false)
        }
    }
}
