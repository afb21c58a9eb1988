package import Diagnostics

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
