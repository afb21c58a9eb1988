import Scheduling

/// A change of state with its cause; only durable ones are shown.
struct HeadEvent: Sendable {
    enum Kind: String, Sendable {
        case jobSubmitted = "job.submitted"
        case jobHeld = "job.held"
        case jobReleased = "job.released"
        case jobEnded = "job.ended"
        case taskAssigned = "task.assigned"
        /// The attempt failed or was given back, and the task waits for another one.
        case taskRetried = "task.retried"
        /// The attempt was lost with its worker, or on the way to it, and the task waits for another one.
        case taskRequeued = "task.requeued"
        case taskSucceeded = "task.succeeded"
        case taskFailed = "task.failed"
        case taskQuarantined = "task.quarantined"
        case taskCancelled = "task.cancelled"
        /// A worker was told to stop an attempt.
        case attemptStopped = "attempt.stopped"
        /// A report came that changes nothing.
        case attemptFenced = "attempt.fenced"
        case workerRegistered = "worker.registered"
        case workerDraining = "worker.draining"
        case workerDismissed = "worker.dismissed"
        case workerLeft = "worker.left"
        case workerLost = "worker.lost"
    }

    var kind: Kind
    var cause: String?
    var job: Int64 = 0
    var task: Int32 = -1
    var attempt: Attempt?
    var worker: Int32 = -1
    /// Milliseconds since 1970.
    var at: Int64 = 0

    init(_ kind: Kind, cause: String? = nil) { (self.kind, self.cause) = (kind, cause) }

    init(_ kind: Kind, _ job: JobID, cause: String? = nil) {
        self.init(kind, cause: cause)
        self.job = job.rawValue
    }

    init(_ kind: Kind, _ name: TaskAttempt, worker: WorkerID?, cause: String? = nil) {
        self.init(kind, name.task.job, cause: cause)
        (task, attempt, self.worker) = (name.task.index, name.attempt, worker?.rawValue ?? -1)
    }

    init(_ kind: Kind, _ worker: WorkerID, cause: String? = nil) {
        self.init(kind, cause: cause)
        self.worker = worker.rawValue
    }

    init(_ ended: EndedTask, worker: WorkerID?, cause: String?) {
        let kind: Kind =
            switch ended.end {
            case .succeeded: .taskSucceeded
            case .failed: .taskFailed
            case .quarantined: .taskQuarantined
            case .cancelled: .taskCancelled
            }
        self.init(kind, ended.task.job, cause: cause ?? ended.cause?.rawValue)
        (task, attempt, self.worker) = (ended.task.index, ended.attempt, worker?.rawValue ?? -1)
    }

    func view(number: Int64) -> EventView {
        EventView(
            number: number, at: at, event: kind.rawValue, cause: cause, job: job > 0 ? job : nil, task: task >= 0 ? task : nil,
            attempt: attempt.map { "\($0)" }, worker: worker >= 0 ? worker : nil)
    }
}
