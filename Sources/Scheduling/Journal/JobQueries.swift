/// What readers (HTTP, command line) may ask of the store. Calls block; they never touch the scheduler.
package protocol JobQueries: AnyObject, Sendable {
    /// Newest first; `before` pages backwards by id.
    func jobs(limit: Int, before: JobID?) throws -> [JobSummary]
    func job(_ id: JobID) throws -> JobSummary?
    /// The job that a client key already names, for idempotent submission.
    func job(uid: String) throws -> JobSummary?
    /// The newest job of that name.
    func job(named name: String) throws -> JobSummary?
    /// Jobs that read `dataset` (by SHA-256), newest first; those before `before` when it is given.
    func jobs(dataset: String, before: JobID?, limit: Int) throws -> [JobSummary]
    func trials(of job: JobID) throws -> [TrialRecord]
    /// Ended tasks in order of index, starting after `after`.
    func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskRecord]
    func task(_ id: TaskID) throws -> TaskRecord?
    /// Trials ever recorded on `dataset` (by SHA-256), over all jobs.
    func trialCount(dataset: String) throws -> Int
}

/// A job with its end, if it has one.
package struct JobSummary: Sendable, Hashable {
    package var record: JobRecord
    /// Nil while the job is open.
    package var end: JobEnd?
    /// Whether a user paused it.
    package var isPaused: Bool
    package init(record: JobRecord, end: JobEnd?, isPaused: Bool = false) {
        (self.record, self.end, self.isPaused) = (record, end, isPaused)
    }
}
