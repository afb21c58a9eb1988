package import Diagnostics
package import Scheduling

/// What the head answers when it does not do what was asked.
package struct ClusterError: DiagnosticError {
    package let code: String
    package let message: String
    package let place: Place?
    package let hint: String?
    package let category: DiagnosticCategory

    private init(_ code: String, _ category: DiagnosticCategory, _ message: String, place: Place? = nil, hint: String? = nil) {
        self.code = code
        self.category = category
        self.message = message
        self.place = place
        self.hint = hint
    }

    package static func jobUnknown(_ id: JobID) -> ClusterError {
        ClusterError("E_JOB_UNKNOWN", .input, "there is no job \(id)", hint: "`bellwether jobs` lists them")
    }

    package static func workerUnknown(_ id: WorkerID) -> ClusterError {
        ClusterError("E_WORKER_UNKNOWN", .input, "there is no worker \(id)", hint: "`bellwether workers` lists them")
    }

    package static func datasetUnknown(_ name: String) -> ClusterError {
        ClusterError(
            "E_DATASET_UNKNOWN", .input, "the head has no dataset named \(name)", place: .key("/dataset"),
            hint: "`bellwether data import FILE --name \(name)`")
    }

    package static func datasetHash(_ name: String, pinned: String, current: String) -> ClusterError {
        ClusterError(
            "E_DATA_HASH", .integrity, "dataset \(name) is pinned to \(pinned), but the name stands for \(current)",
            place: .key("/dataset/sha256"), hint: "import the pinned data again, or drop the pin")
    }

    package static func modelUnknown(_ model: String, alias: String) -> ClusterError {
        ClusterError(
            "E_MODEL_UNKNOWN", .input, "no version of model \(model) is \(alias)", place: .key("/model"),
            hint: "`bellwether models` lists models and their aliases")
    }

    package static func uidConflict(_ uid: String, known: String, given: String) -> ClusterError {
        ClusterError(
            "E_UID_CONFLICT", .refused, "key \(uid) already names a job with spec \(known), not \(given)",
            hint: "use a fresh key for another job")
    }

    package static func tooManyTasks(trials: Int, windows: Int, limit: Int) -> ClusterError {
        ClusterError(
            "E_SPEC_RANGE", .input, "\(trials) trials of \(windows) windows are more than \(limit) tasks",
            place: .key("/search/trials"),
            hint: "run fewer trials, or longer test windows")
    }

    package static func dependsOn() -> ClusterError {
        ClusterError(
            "E_DEPENDS_ON", .input, "jobs that wait for other jobs are checked but not scheduled in this version",
            place: .key("/dependsOn"),
            hint: "submit the jobs one after the other")
    }

    package static func uidForm() -> ClusterError {
        ClusterError("E_UID_FORM", .input, "a job's key has 1 to 128 letters, digits, '-', '_' or '.'", place: .key("/uid"))
    }

    package static func unavailable() -> ClusterError {
        ClusterError(
            "E_STORE_UNAVAILABLE", .unavailable, "the store does not answer, so nothing can be accepted now",
            hint: "try again soon")
    }

    /// The store went away while it was told of the request.
    static func undecided() -> ClusterError {
        ClusterError(
            "E_STORE_UNAVAILABLE", .unavailable, "the store stopped answering, so it is not known whether this will count",
            hint: "ask again soon; a submission with the same key makes no second job")
    }

    package static func stopped() -> ClusterError {
        ClusterError("E_HEAD_STOPPED", .unavailable, "the head is shutting down", hint: "try again when it is back")
    }

    static func capacity(_ milliCPU: Int64, _ memory: Int64) -> ClusterError {
        ClusterError(
            "E_CAPACITY", .input,
            "a worker offers up to 4,096 cores and 64 TiB of memory, not \(milliCPU) thousandths of a core and \(memory) bytes")
    }

    static func identity() -> ClusterError {
        ClusterError("E_IDENTITY", .input, "a worker's boot id has 8 to 64 letters, digits or '-'")
    }

    static func notRegistered() -> ClusterError {
        ClusterError("E_NOT_REGISTERED", .refused, "this connection has not registered, or a message was lost: register again")
    }

    static func cluster(_ known: String, own: String) -> ClusterError {
        ClusterError(
            "E_CLUSTER", .refused, "the worker belongs to cluster \(known), this head to \(own)",
            hint: "restart the worker to let it join another cluster")
    }

    static func staleTerm(_ seen: Int64, _ own: Int64) -> ClusterError {
        ClusterError(
            "E_TERM_STALE", .refused,
            "the worker has obeyed term \(seen), this head is at term \(own): an older store was restored",
            hint: "start the head with --term-above \(seen), or restart the worker")
    }

    static func resultTooLarge(_ bytes: Int) -> ClusterError {
        ClusterError("E_RESULT_TOO_LARGE", .input, "a task's result has \(bytes) bytes, more than \(4 << 20)")
    }
}
