import Scheduling
import Wire

/// Everything a worker knows, behind one lock. Plain data; the shell decides under the lock and acts after it.
struct WorkerState {
    /// A job whose tasks may come or are here.
    struct KnownJob {
        let job: WorkerJob
        /// What a task of it may ask for.
        let choices: [Resources]
    }

    var agenda: WorkerAgenda
    var inbox = SessionInbox()
    var outbox = SessionOutbox(session: 0)
    var session: Int64 = 0
    /// Whether the head has answered the registration of this session.
    var isWelcome = false
    var clusterID: String?
    var highestTerm: Int64 = 0
    var heartbeatMilliseconds: Int64 = 1_000
    var leaseMilliseconds: Int64 = 6_000
    var lastHeard: Instant
    var lastRegistered: Instant
    var lastBeat: Instant
    /// When reports were sent last.
    var lastReported: Instant

    var jobs: [JobID: KnownJob] = [:]
    var payloads: [TaskAttempt: ProtoTaskPayload] = [:]
    var running: [TaskAttempt: StopFlag] = [:]
    /// Full reports of what is finished and not acknowledged.
    var reports: [TaskAttempt: ProtoReport] = [:]
    /// Those that wait to be sent in this session, in order.
    var unsent: [TaskAttempt] = []
    /// The newest progress of attempts that are not acknowledged, and those whose progress was not sent in this session.
    var progress: [TaskAttempt: ProtoProgress] = [:]
    var unsentProgress: [TaskAttempt] = []
    /// What finished here, oldest first, and has been neither acknowledged nor written to the spool, as far as is known.
    var unspooled: [(attempt: TaskAttempt, finished: Instant)] = []
    /// Where that list begins: what is before is done with.
    var firstUnspooled = 0
    /// Results that are in the spool and not acknowledged.
    var spooled: Set<TaskAttempt> = []
    /// Those of them that a process before this one left, as far as they are being told.
    var inherited: Set<TaskAttempt> = []
    /// Whether a file is being written, and when the next may be tried after one that failed.
    var isSpooling = false
    var spoolsFrom: Instant
    var finished: UInt64 = 0
    var busyMicroseconds: UInt64 = 0
    var stopAt: Instant?
    var hasLeft = false

    init(capacity: Resources, labels: [WorkerLabel], now: Instant) {
        agenda = WorkerAgenda(capacity: capacity, labels: labels)
        (lastHeard, lastRegistered, lastBeat, spoolsFrom) = (now, now, now, now)
        lastReported = now
    }
}
