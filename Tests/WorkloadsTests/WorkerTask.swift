import Cluster
import Diagnostics
import Wire
import Workloads

/// Runs single tasks.
enum WorkerTask {
    static func run(_ kind: ProtoTaskPayload.OneOf_Kind?, of job: WorkerJob, _ context: TaskContext) throws -> ProtoTaskResult {
        var payload = ProtoTaskPayload()
        payload.kind = kind
        return try WorkloadRunner().run(payload, of: job, context: context)
    }

    /// The code of the error that `body` throws; nil when it throws none, or one without a code.
    static func code(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? any DiagnosticError)?.code
        }
    }
}
