/// What the shell does after one input, in this order: journal `ended` and the verdicts' results in one transaction, then
/// send `commands`, then re-arm its one timer for `deadline`.
package struct Output: Sendable, Hashable {
    /// Tasks that reached a terminal state by this input, in order.
    package var ended: [EndedTask] = []
    /// What to tell workers, in order.
    package var commands: [Command] = []
    /// One per report of an `Input.report`.
    package var verdicts: [Verdict] = []
    /// Workers whose lease ended, or that are known to be gone without having said goodbye.
    package var lost: [WorkerID] = []
    /// Attempts that were lost with their worker, or on the way to it, and whose tasks wait again.
    package var returned: [TaskAttempt] = []
    /// When to call with `.tick` at the latest; nil when nothing waits for time.
    package var deadline: Instant?
    package init() {}
}

/// A task in its terminal state, which never changes again.
package struct EndedTask: Sendable, Hashable {
    package var task: TaskID
    package var end: TaskEnd
    /// The attempt that decided it, if one did.
    package var attempt: Attempt?
    /// What decided it, when no report did.
    package var cause: EndCause?
    package init(task: TaskID, end: TaskEnd, attempt: Attempt?, cause: EndCause? = nil) {
        (self.task, self.end, self.attempt, self.cause) = (task, end, attempt, cause)
    }
}

package enum EndCause: String, Sendable, Hashable, Codable {
    /// The last allowed attempt ran out of its time.
    case ranTooLong
    /// No attempt began within the limit.
    case queuedTooLong
    /// It was not over within the limit.
    case tookTooLong
    /// A user cancelled it.
    case asked
    /// A task it depends on did not succeed.
    case dependency
    /// Another task of its gang did not succeed.
    case gang
    /// Its job ended.
    case jobEnded
}

package enum TaskEnd: String, Sendable, Hashable, Codable {
    case succeeded
    /// Failed for good: not retryable, or out of retries, or out of time.
    case failed
    /// It took three workers down with it.
    case quarantined
    /// The job was cancelled or ended, or a task it depends on did not succeed.
    case cancelled
}

/// The answer to one report. Whatever it is, the worker may forget the attempt once the turn is committed.
package enum Verdict: Sendable, Hashable {
    /// The attempt was the task's current one: its result (or failure) counts.
    case accepted
    /// The attempt failed but the task runs again: nothing to journal.
    case retried
    /// The task had moved on to another attempt, or was over or unknown: nothing changes.
    case fenced
}

package enum Command: Sendable, Hashable {
    /// Run these, in order, as capacity allows.
    case assign(WorkerID, [TaskAttempt])
    /// Stop this attempt, or forget it if it has not started; report it as cancelled.
    case stop(WorkerID, TaskAttempt, StopReason)
    /// The worker is drained: nothing is left on it and nothing will come.
    case dismiss(WorkerID)
}

package enum StopReason: String, Sendable, Hashable, Codable {
    case cancelled
    case timedOut
    /// Something more urgent goes first: give it back unless it has started.
    case retracted
    /// Another attempt is the current one.
    case fenced
}
