/// What the scheduler needs to know of a job. Tasks follow by `Input.append`, as the job's plan unfolds.
package struct JobSubmission: Sendable, Hashable {
    package var job: JobID
    /// Higher runs first. Equal priorities run in order of job, then of task index.
    package var priority: Int32
    /// What each of its tasks asks for.
    package var resources: Resources
    package var retry: RetryPolicy
    /// Longest run of one attempt; nil means no limit.
    package var timeoutMilliseconds: Int64?
    package init(
        job: JobID, priority: Int32 = 0, resources: Resources, retry: RetryPolicy = RetryPolicy(),
        timeoutMilliseconds: Int64? = nil
    ) {
        self.job = job
        self.priority = priority
        self.resources = resources
        self.retry = retry
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// Tasks that a job's plan adds. Indices are unique within the job; a task runs after all of `dependencies` succeeded,
/// and is cancelled when one of them ends otherwise.
package enum TaskBatch: Sendable, Hashable {
    /// Independent tasks with consecutive indices: a million of them cost no more to name than one.
    case range(Range<Int32>)
    /// One task that waits for others of the same job, which have been appended before or are in the same input.
    case dependent(Int32, on: Range<Int32>)
}
