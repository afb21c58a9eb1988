/// What the scheduler needs to know of a job. Tasks follow by `Input.append`, as the job's plan unfolds.
package struct JobSubmission: Sendable, Hashable {
    package var job: JobID
    /// The queue it draws its share from; one that the configuration does not name has weight 1 and no quota.
    package var queue = QueueDefinition.standard
    /// Higher runs first within a queue. Equal priorities run in order of deadline, then of job, then of task index.
    package var priority: Int32
    /// What each of its tasks asks for, and of its worker.
    package var demand: Demand
    /// The dataset that its tasks read, by its SHA-256: workers that hold it are preferred.
    package var dataset: String?
    package var retry: RetryPolicy
    /// Longest run of one attempt; nil means no limit.
    package var timeoutMilliseconds: Int64?
    /// Longest wait of a task for its first attempt, from when nothing but room is missing: while the job is paused or waits for
    /// others it does not count. Nil means no limit; both limits begin anew with a head that starts.
    package var queuedLimitMilliseconds: Int64?
    /// Longest time from when a task is added to its end, whatever it is spent on; nil means no limit.
    package var totalLimitMilliseconds: Int64?
    /// When all of it should be done; only orders tasks.
    package var deadline: Instant?
    /// Attempts that workers may hold at once; nil means no limit.
    package var runningLimit: Int32?
    package init(
        job: JobID, priority: Int32 = 0, demand: Demand, retry: RetryPolicy = RetryPolicy(), timeoutMilliseconds: Int64? = nil
    ) {
        self.job = job
        self.priority = priority
        self.demand = demand
        self.retry = retry
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    /// What a task asks for by its first choice.
    package var resources: Resources { demand.choices[0] }

    /// A job whose tasks ask for nothing else than `resources`, on any worker.
    package init(
        job: JobID, priority: Int32 = 0, resources: Resources, retry: RetryPolicy = RetryPolicy(),
        timeoutMilliseconds: Int64? = nil
    ) {
        self.init(
            job: job, priority: priority, demand: Demand([resources]), retry: retry, timeoutMilliseconds: timeoutMilliseconds)
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
