/// What happens to the scheduler. Every case is total: a stale, repeated or impossible input changes nothing and is
/// answered by a command or a verdict, never by an error.
package enum Input: Sendable, Hashable {
    /// A job exists from now on. Repeated for a known job: ignored.
    case submit(JobSubmission)
    /// The job's plan adds tasks. Indices already known are ignored.
    case append(JobID, [TaskBatch])
    /// Tasks whose end was journaled before this head started: (index, succeeded). They never run again.
    case restore(JobID, [RestoredTask])
    /// The job is over (its plan is complete or has failed): what still waits is dropped, what still runs is told to stop.
    case end(JobID)
    /// As `end`, asked for by a user.
    case cancel(JobID)
    /// These tasks shall not run, or stop; those that are over stay as they are.
    case cancelTasks(JobID, [Range<Int32>])
    /// None of the job's tasks is assigned until every hold on it is released. What workers hold goes on.
    case hold(JobID, Hold)
    case release(JobID, Hold)

    /// A worker process (re)introduces itself with everything it holds.
    case register(WorkerID, Registration)
    /// A sign of life, in the order sent.
    case heartbeat(WorkerID)
    /// Attempts that ended on a worker. `Output.verdicts` answers them one for one, in order.
    case report(WorkerID, [AttemptReport])
    /// The worker takes no more tasks and is dismissed once it is idle.
    case drain(WorkerID)
    /// The worker said goodbye or its connection is known to be gone: its attempts are re-queued without blame when
    /// `planned`, and count as a worker death otherwise.
    case gone(WorkerID, planned: Bool)
    /// Nothing but the passing of time.
    case tick
}

/// Why a job's tasks wait whatever room there is.
package enum Hold: UInt8, Sendable, Hashable, CaseIterable {
    /// A user paused it.
    case paused
    /// It waits for other jobs.
    case dependencies
}

package struct RestoredTask: Sendable, Hashable {
    package var index: Int32
    package var succeeded: Bool
    package init(index: Int32, succeeded: Bool) { (self.index, self.succeeded) = (index, succeeded) }
}

/// A worker's capacity and inventory.
package struct Registration: Sendable, Hashable {
    package var capacity: Resources
    /// Attempts it was assigned (running or waiting on it) and has not finished.
    package var holding: [TaskAttempt]
    /// Those of them that do not ask for the first choice of their job's demand, with the number of their choice.
    package var choices: [TaskAttempt: Int] = [:]
    package var labels: [WorkerLabel] = []
    /// Datasets that it holds, by their SHA-256.
    package var datasets: [String] = []
    package init(capacity: Resources, holding: [TaskAttempt]) { (self.capacity, self.holding) = (capacity, holding) }
}

/// How an attempt ended, as the worker tells it.
package struct AttemptReport: Sendable, Hashable {
    package var attempt: TaskAttempt
    package var outcome: AttemptOutcome
    /// How long it ran, for the depth of prefill.
    package var ranMicroseconds: Int64
    package init(attempt: TaskAttempt, outcome: AttemptOutcome, ranMicroseconds: Int64 = 0) {
        (self.attempt, self.outcome, self.ranMicroseconds) = (attempt, outcome, ranMicroseconds)
    }
}

package enum AttemptOutcome: Sendable, Hashable {
    case succeeded
    /// `retryable` is the workload's own word; bad input fails the same way every time.
    case failed(retryable: Bool)
    /// It stopped because it was told to.
    case cancelled
}
