import Scheduling
import Wire

/// What one turn of the loop has gathered: records to commit, and what may leave only after the commit.
struct Turn {
    var records: [JournalRecord] = []
    /// What is shown of it once it is durable.
    var events: [HeadEvent] = []
    /// Answers to callers.
    var answers: [Answer] = []
    /// The last views of the jobs that ended, for their followers.
    var ended: [JobID: JobView] = [:]
    /// Whether a job began or ended, so that readers are shown at once.
    var changed = false
    private(set) var mail: [WorkerID: Mail] = [:]
    private(set) var recipients: [WorkerID] = []

    /// What one caller is told: that it is done, after the commit, or that nobody knows.
    struct Answer {
        var done: @Sendable () -> Void
        var failed: @Sendable (any Error) -> Void
    }

    /// What goes to one worker: answers first, then the scheduler's commands in its order.
    struct Mail {
        /// Answers that tell nothing of this turn's records.
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

    mutating func dropMail(to worker: WorkerID) {
        guard mail.removeValue(forKey: worker) != nil else { return }
        recipients.removeAll { $0 == worker }
    }

    /// Takes out the answers to workers that need no commit, as a turn of their own.
    mutating func takeAnswers() -> Turn {
        var taken = Turn()
        for worker in recipients {
            guard let answers = mail[worker]?.answers, !answers.isEmpty else { continue }
            mail[worker]?.answers = []
            taken.mail(to: worker) { $0.answers = answers }
        }
        return taken
    }

    /// Adds a later turn to this one.
    mutating func append(_ later: Turn) {
        records += later.records
        events += later.events
        answers += later.answers
        ended.merge(later.ended) { $1 }
        changed = changed || later.changed
        for worker in later.recipients {
            guard let more = later.mail[worker] else { continue }
            mail(to: worker) { mail in
                mail.answers += more.answers
                mail.acknowledged += more.acknowledged
                for command in more.commands { mail.add(command) }
            }
        }
    }
}
