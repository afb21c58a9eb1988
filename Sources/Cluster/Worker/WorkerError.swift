package import Diagnostics
import Foundation

/// What goes wrong on a worker besides the workloads themselves.
package struct WorkerError: DiagnosticError {
    package let code: String
    package let message: String
    package let hint: String?
    package let category: DiagnosticCategory

    private init(_ code: String, _ category: DiagnosticCategory, _ message: String, hint: String? = nil) {
        self.code = code
        self.category = category
        self.message = message
        self.hint = hint
    }

    package static func stopped() -> WorkerError { WorkerError("E_TASK_STOPPED", .refused, "the attempt was told to stop") }

    static func setting(_ key: String, _ line: String, _ what: String) -> WorkerError {
        WorkerError(
            "E_SETTING", .input, "'\(line.prefix(80))' in \(key) \(what)",
            hint: key == "labels" ? "for example: zone=a" : "for example: licence=2")
    }

    static func blobMissing(_ sha256: String) -> WorkerError {
        WorkerError("E_BLOB_MISSING", .unavailable, "the head has no \(sha256)")
    }

    static func blobTimeout(_ sha256: String) -> WorkerError {
        WorkerError("E_BLOB_TIMEOUT", .unavailable, "the head did not send \(sha256) in time")
    }

    static func blobFormat(_ sha256: String, _ what: String) -> WorkerError {
        WorkerError("E_BLOB_FORMAT", .integrity, "a chunk of \(sha256) \(what)")
    }

    static func putRefused(_ code: String, _ message: String) -> WorkerError { WorkerError(code, .refused, message) }

    static func cache(_ path: String, _ cause: String) -> WorkerError {
        WorkerError("E_CACHE", .unavailable, "cannot write \(path): \(cause)", hint: "free some space, or choose another home")
    }

    /// `code` is the system's error number.
    static func spool(_ path: String, _ code: CInt) -> WorkerError {
        WorkerError(
            "E_SPOOL", .unavailable, "results cannot be kept in \(path): \(String(cString: strerror(code)))",
            hint: "free some space, or choose another home; until then a result is lost when this process dies")
    }

    static func spoolFull(_ path: String, limit: Int64) -> WorkerError {
        WorkerError(
            "E_SPOOL_FULL", .unavailable, "\(path) holds \(limit >> 20) MiB of results that no head has taken",
            hint: "bring the head back, or raise spoolMebibytes")
    }

    static func spoolDamaged(_ path: String) -> WorkerError {
        WorkerError(
            "E_SPOOL_DAMAGED", .integrity, "\(path) does not hold what was written", hint: "remove it: its tasks run again")
    }

    static func staleTerm(_ seen: Int64, _ told: Int64) -> WorkerError {
        WorkerError(
            "E_TERM_STALE", .refused,
            "this worker has obeyed term \(seen), the head is at term \(told): an older store was restored",
            hint: "start the head with --term-above \(seen), or restart the worker")
    }

    package static func unknownKind() -> WorkerError {
        WorkerError(
            "E_TASK_KIND", .input, "this worker does not know the task's kind", hint: "run the head's version on the workers")
    }

    package static func wrongCluster(_ known: String, _ told: String) -> WorkerError {
        WorkerError(
            "E_CLUSTER", .refused, "this worker belongs to cluster \(known), the head to \(told)",
            hint: "restart the worker to let it join another cluster")
    }
}
