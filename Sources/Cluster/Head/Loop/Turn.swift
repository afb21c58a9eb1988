import Scheduling
import Wire

/// What one turn of the loop has gathered: records to commit, and what may leave only after the commit.
struct Turn {
    var records: [JournalRecord] = []
    /// Answers to callers, run after the commit.
    var answers: [@Sendable () -> Void] = []
    /// The last views of the jobs that ended, for their followers.
    var ended: [JobID: JobView] = [:]
    /// Whether a job began or ended, so that readers are shown at once.
    var changed = false
    private(set) var mail: [WorkerID: Mail] = [:]
    private(set) var recipients: [WorkerID] = []

    /// What goes to one worker: answers first, then the scheduler's commands in its order.
    struct Mail {
        var answers: [ProtoToWorker.OneOf_Body] = []
        var acknowledged: [TaskAttempt] = []
        /// The acknowledged reports that changed nothing, with the code that says why.
        var fenced: [(attempt: TaskAttempt, code: String)] = []
        private(set) var commands: [Command] = []

        /// Adds a command; assignments that follow one another become one.
        mutating func add(_ command: Command) {
            if case .assign(let worker, let attempts) = command, case .assign(_, let before)? = commands.last {
                commands[commands.count - 1] = .assign(worker, before + attempts)
            } else {
                commands.append(command)
            }
        }

        /// Drops the commands: they were meant for a session that is over.
        mutating func dropCommands() { commands = [] }
    }

    mutating func mail(to worker: WorkerID, _ change: (inout Mail) -> Void) {
        if mail[worker] == nil { recipients.append(worker) }
        change(&mail[worker, default: Mail()])
    }
}
