package import Scheduling

/// The head's face inside its process: what the HTTP API calls. Behind it one loop owns the scheduler.
package protocol HeadService: AnyObject, Sendable {
    /// Accepts a job, or answers with the one its key already names. Returns after the job is durable.
    /// Throws `SpecErrors`, `E_UID_CONFLICT`, `E_UNSATISFIABLE`, `E_DATASET_UNKNOWN`, `E_DATA_HASH`, `E_UNAVAILABLE`.
    func submit(_ request: SubmitRequest) async throws -> AcceptedJob
    /// Returns after what was asked for is durable. Throws `E_JOB_UNKNOWN` and `E_TASK_UNKNOWN`.
    func control(_ job: JobID, _ control: JobControl) async throws -> JobView
    /// Cancels the open jobs that carry a label and returns their numbers, after that is durable.
    func cancel(labelled label: JobLabel) async throws -> [JobID]
    /// Why tasks of an open job wait. Throws `E_JOB_UNKNOWN`.
    func explain(_ job: JobID) async throws -> ExplanationView
    /// Puts a study that was run elsewhere on record, as a job that has ended.
    /// Throws what `submit` throws, and `E_IMPORT_KIND`, `E_IMPORT_COUNT`, `E_IMPORT_POINT`.
    func importStudy(_ request: ImportRequest) async throws -> AcceptedJob
    /// Gives trials of a study whose objective is external to a program outside, under leases.
    /// Throws `E_JOB_UNKNOWN`, `E_NOT_EXTERNAL`.
    func ask(_ job: JobID, _ request: AskRequest) async throws -> AskView
    /// Takes what came of trials, after that is durable. Throws, when none of it was taken, the first reason: `E_TRIAL_FENCED`,
    /// `E_TRIAL_UNKNOWN`, `E_ATTEMPT_FORM`; and `E_JOB_UNKNOWN`, `E_NOT_EXTERNAL`.
    func tell(_ job: JobID, _ request: TellRequest) async throws -> TellView
    /// Throws `E_WORKER_UNKNOWN`.
    func drain(_ worker: WorkerID) async throws
    /// Open jobs' progress, workers and totals as of the last turn.
    func snapshot() -> HeadSnapshot
    /// The latest changes of state that are asked for.
    func events(_ query: EventQuery) -> EventsPage
    /// The job as a view, with live progress when it is open. Blocks on the store.
    func view(of job: JobID) throws -> JobView?
    /// The best trial's out-of-sample record, or one trial's. Nil when there is none. Blocks on the store.
    func report(of job: JobID, trial: Int32?) throws -> ReportView?
    /// What a study has found and what that is worth; nil for a job that is no study. Blocks on the store.
    func study(_ job: JobID) throws -> StudyView?
    /// All trials of a study by number. Blocks on the store.
    func trials(of job: JobID) throws -> [TrialView]
    /// Ended tasks by index, those after `after`. Blocks on the store.
    func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskView]
    /// What is kept of what attempts wrote: of one task, or of up to `limit` tasks after `after`. Blocks on the disk.
    func logs(of job: JobID, task: Int32?, after: Int32, limit: Int) throws -> LogsPage
    /// What attempts of the job, or of one task, have written and go on to write; finishes with the job or the task.
    func followLogs(of job: JobID, task: Int32?) -> AsyncStream<LogPart>
    /// A stream that yields the job's view whenever it has changed (at most about ten a second) and finishes with its end.
    func follow(_ job: JobID) -> AsyncStream<JobView>
}

/// The job that a submission names, and whether this submission made it.
package struct AcceptedJob: Sendable, Hashable {
    package var view: JobView
    package var isNew: Bool
    package init(view: JobView, isNew: Bool) { (self.view, self.isNew) = (view, isNew) }
}

/// What readers see of the head: a copy made at the end of a turn.
package struct HeadSnapshot: Sendable {
    package var info: InfoView
    package var workers: [WorkerView]
    /// The open jobs with their progress.
    package var jobs: [JobID: JobView]
    /// False while the store is away: the jobs are shown as they were when it last answered.
    package var isStoreAvailable: Bool
    package init(info: InfoView, workers: [WorkerView], jobs: [JobID: JobView], isStoreAvailable: Bool = true) {
        self.isStoreAvailable = isStoreAvailable
        self.info = info
        self.workers = workers
        self.jobs = jobs
    }
}
