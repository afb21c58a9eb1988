import Scheduling
import Wire

/// What one turn of the loop has gathered: records to commit, and what may leave only after the commit.
struct Turn {
    var records: [JournalRecord] = []
    /// Answers to callers, run after the commit.
    var answers: [@Sendable () -> Void] = []
    /// Jobs that changed enough for followers to be told at once.
    var changed: Set<JobID> = []
    private(set) var mail: [WorkerID: Mail] = [:]
    private(set) var recipients: [WorkerID] = []

    /// What goes to one worker.
    struct Mail {
        var assigned: [TaskAttempt] = []
        var acknowledged: [TaskAttempt] = []
        var stops: [(TaskAttempt, StopReason)] = []
        var others: [ProtoToWorker.OneOf_Body] = []
        var dismissed = false
    }

    mutating func mail(to worker: WorkerID, _ change: (inout Mail) -> Void) {
        if mail[worker] == nil { recipients.append(worker) }
        change(&mail[worker, default: Mail()])
    }
}
