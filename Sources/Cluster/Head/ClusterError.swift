package import Diagnostics
import MarketData
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
            "E_DATA_HASH", .input, "dataset \(name) is pinned to \(pinned), but the name stands for \(current)",
            place: .key("/dataset/sha256"), hint: "import the pinned data again, or drop the pin")
    }

    package static func modelUnknown(_ model: String, alias: String) -> ClusterError {
        ClusterError(
            "E_MODEL_UNKNOWN", .input, "no version of model \(model) is \(alias)", place: .key("/model"),
            hint: "`bellwether models` lists models and their aliases")
    }

    package static func uidConflict(_ uid: String, known: String, given: String) -> ClusterError {
        ClusterError(
            "E_UID_CONFLICT", .input, "key \(uid) already names a job with spec \(known), not \(given)", place: .key("/uid"),
            hint: "use a fresh key for another job")
    }

    /// Nil when some worker could run it, or nobody knows because there are none.
    package static func unsatisfiable(_ satisfiability: Satisfiability) -> ClusterError? {
        switch satisfiability {
        case .satisfiable, .noWorkers: nil
        case .tooFew(let members, let slots):
            ClusterError(
                "E_UNSATISFIABLE", .input, "\(members) tasks start together, but the workers have room for \(slots) in all",
                place: .key("/gang"), hint: "a smaller gang, tasks that ask for less, or more workers")
        case .noSuchLabels(let conditions):
            ClusterError(
                "E_UNSATISFIABLE", .input,
                "no worker has the labels \(conditions.map(\.description).joined(separator: ", "))", place: .key("/where"),
                hint: "bellwether workers shows the labels there are")
        case .tooLarge(let asked, let best, let capacity):
            ClusterError(
                "E_UNSATISFIABLE", .input,
                "each task asks for \(asked), but no worker has that much; the best candidate has \(capacity): worker \(best) "
                    + "lacks \(asked.shortageNames(in: capacity))",
                place: .key("/resources"), hint: "ask for less, or start a larger worker")
        }
    }

    package static func queueSetting(_ line: String, _ what: String) -> ClusterError {
        ClusterError(
            "E_SETTING", .input, "the queue '\(line.prefix(80))' \(what)", place: .key("queues"),
            hint: "for example: nightly weight 2 cpu 8 memory 16GiB")
    }

    package static func queueUnknown(_ name: String, known: [String]) -> ClusterError {
        let near = Suggestion.nearest(to: name, in: known)
        return ClusterError(
            "E_QUEUE_UNKNOWN", .input, "the head has no queue named \(name)", place: .key("/queue"),
            hint: near.map { "did you mean \($0)?" } ?? "one of \(known.prefix(10).joined(separator: ", "))")
    }

    package static func quotaTooSmall(_ queue: String, asked: Resources, quota: Resources) -> ClusterError {
        ClusterError(
            "E_UNSATISFIABLE", .input, "each task asks for \(asked), but queue \(queue) has a quota of \(quota)",
            place: .key("/resources"), hint: "ask for less, or submit to another queue")
    }

    package static func deadlinePast(_ time: Int64) -> ClusterError {
        ClusterError(
            "E_DEADLINE", .input, "it should be done before \(ISOTime.string(time)), which is past", place: .key("/finishBefore"),
            hint: "give a later time, or none")
    }

    package static func deadlineMissed(_ time: Int64, tasks: Int, mean: Int64, slots: Int, earliest: Int64) -> ClusterError {
        ClusterError(
            "E_DEADLINE", .input,
            "\(tasks) tasks of about \(mean) ms each, as they took last time, on \(slots) slots are done at \(ISOTime.string(earliest)) "
                + "at the earliest, not before \(ISOTime.string(time))",
            place: .key("/finishBefore"), hint: "give a later time, ask for less, or start more workers")
    }

    package static func taskUnknown(_ task: TaskID) -> ClusterError {
        ClusterError(
            "E_TASK_UNKNOWN", .input, "job \(task.job) has no task \(task.index), or has not come to it yet",
            hint: "`bellwether job tasks` lists those that ended")
    }

    package static func jobNotOpen(_ id: JobID) -> ClusterError {
        ClusterError(
            "E_JOB_UNKNOWN", .input, "there is no open job \(id): nothing of it waits", hint: "`bellwether job show \(id)`")
    }

    package static func tooManyTasks(trials: Int, windows: Int, limit: Int) -> ClusterError {
        ClusterError(
            "E_SPEC_RANGE", .input, "\(trials) trials of \(windows) windows are more than \(limit) tasks",
            place: .key("/search/trials"),
            hint: "run fewer trials, or longer test windows")
    }

    static func warmStart(_ message: String) -> ClusterError {
        ClusterError(
            "E_WARM_START", .input, message, place: .key("/search/warmStart"),
            hint: "name a study that has ended, and say in map and fill how its parameters are read")
    }

    package static func dependencyUnknown(_ name: String) -> ClusterError {
        ClusterError(
            "E_DEPENDS_UNKNOWN", .input, "there is no job named \(name)", place: .key("/dependsOn"),
            hint: "submit the jobs that others depend on first")
    }

    package static func dependencyFailed(_ id: JobID, _ name: String, state: String) -> ClusterError {
        ClusterError(
            "E_DEPENDS_FAILED", .refused, "job \(id) (\(name)), the newest of that name, has \(state)", place: .key("/dependsOn"),
            hint: "run it again first")
    }

    package static func uidForm() -> ClusterError {
        ClusterError("E_UID_FORM", .input, "a job's key has 1 to 128 letters, digits, '-', '_' or '.'", place: .key("/uid"))
    }

    static func fileContent(_ name: String) -> ClusterError {
        ClusterError(
            "E_FILE_CONTENT", .input, "the file \(name) came without its content", place: .key("/files"),
            hint: "`bellwether submit` sends the files beside a spec; otherwise give their text, base64 or sha256")
    }

    static func fileUnknown(_ name: String, _ sha256: String) -> ClusterError {
        ClusterError(
            "E_ARTIFACT_MISSING", .input, "the head has no artifact \(sha256) for the file \(name)", place: .key("/files"),
            hint: "`bellwether job tasks JOB` lists the artifacts of a command")
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

    static func capacity(_ capacity: Resources) -> ClusterError {
        ClusterError(
            "E_CAPACITY", .input,
            "a worker offers up to 4,096 cores, 64 TiB of memory, 16 whole GPUs and \(NamedAmounts.limit) named resources, not "
                + "\(capacity.milliCPU) thousandths of a core, \(capacity.memory) bytes, \(capacity.milliGPU) thousandths of a GPU "
                + "and \(capacity.others.list.count) named resources")
    }

    static func workerAddress() -> ClusterError {
        ClusterError("E_WORKER_ADDRESS", .input, "the address of a worker is a host name or a number such as 10.0.0.7")
    }

    static func workerLabels() -> ClusterError {
        ClusterError(
            "E_WORKER_LABELS", .input,
            "a worker has up to \(WorkerLabel.limit) labels of 1 to 64 letters, digits, '.', '-', '_' and '/'")
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

    static func fenced(_ attempt: TaskAttempt) -> ClusterError {
        ClusterError("E_FENCED", .refused, "the report of \(attempt) is too late: its task has another attempt, or is over")
    }

    static func unknownTask(_ attempt: TaskAttempt) -> ClusterError {
        ClusterError("E_UNKNOWN_TRIAL", .refused, "\(attempt) names a job or a task that this head never had")
    }

    static func resultTooLarge(_ bytes: Int) -> ClusterError {
        ClusterError("E_RESULT_TOO_LARGE", .input, "a task's result has \(bytes) bytes, more than \(4 << 20)")
    }

    static func notExternal(_ job: JobID) -> ClusterError {
        ClusterError(
            "E_NOT_EXTERNAL", .refused, "the trials of job \(job) are not for programs outside",
            hint: "a study whose objective is {external: {lease: 60s}, minimize: NAME} is asked for trials")
    }

    static func trialOvertaken(_ trial: Int32, of job: JobID) -> ClusterError {
        ClusterError(
            "E_TRIAL_FENCED", .refused,
            "trial \(trial) of job \(job) was given to another, or is over: what was told changes nothing",
            hint: "ask for another trial; a tell without metrics and without an error keeps one longer than its lease")
    }

    static func trialUnknown(_ trial: Int32, of job: JobID) -> ClusterError {
        ClusterError("E_TRIAL_UNKNOWN", .input, "job \(job) has no trial \(trial)", hint: "tell the number that ask gave")
    }

    static func attemptForm(_ text: String) -> ClusterError {
        ClusterError(
            "E_ATTEMPT_FORM", .input, "an attempt has the form TERM.NUMBER and is not one of \(text.count) characters",
            place: .key("/tells/attempt"), hint: "tell the attempt that ask gave with the trial")
    }

    static func askCount(_ count: Int) -> ClusterError {
        ClusterError(
            "E_ASK_COUNT", .input, "1 to \(AskRequest.countLimit) trials can be asked for, not \(count)", place: .key("/count"))
    }

    static func askHolder(_ count: Int) -> ClusterError {
        ClusterError(
            "E_ASK_HOLDER", .input, "a holder's name has at most \(AskRequest.holderLimit) characters, not \(count)",
            place: .key("/holder"))
    }

    static func tellCount(_ count: Int) -> ClusterError {
        ClusterError(
            "E_TELL_COUNT", .input, "1 to \(AskRequest.countLimit) trials can be told at once, not \(count)",
            place: .key("/tells"))
    }

    static func importKind() -> ClusterError {
        ClusterError(
            "E_IMPORT_KIND", .input, "what is imported is a study with an external objective", place: .key("/spec"),
            hint: "give it objective: {external: {}, minimize: NAME}")
    }

    static func importCount(_ given: Int, spec: Int) -> ClusterError {
        ClusterError(
            "E_IMPORT_COUNT", .input, "the spec has \(spec) trials, but \(given) are given", place: .key("/spec/search/trials"))
    }

    static func importPoint(_ number: Int, _ reason: String) -> ClusterError {
        ClusterError(
            "E_IMPORT_POINT", .input, "trial \(number) is no point of the space: \(reason)", place: .key("/trials/\(number)"))
    }
}
