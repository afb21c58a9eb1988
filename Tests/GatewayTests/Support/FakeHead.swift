import Cluster
import Diagnostics
import Scheduling
import Synchronization

/// A head without a scheduler: it answers what a test put in and records what it was asked to do.
final class FakeHead: HeadService, JobQueries {
    struct Control: Hashable {
        var job: JobID
        var control: JobControl
    }

    struct State {
        var jobs: [JobView] = []
        var trials: [TrialView] = []
        var tasks: [TaskView] = []
        var reports: [Int32: ReportView] = [:]
        var workers: [WorkerView] = []
        var submitted: [SubmitRequest] = []
        var controls: [Control] = []
        var study: StudyView?
        var imported: [ImportRequest] = []
        var asked: [AskRequest] = []
        var told: [TellRequest] = []
        var labels: [JobLabel] = []
        var drained: [WorkerID] = []
        /// Thrown by the next calls of the store, or by `submit`.
        var failure: (any Error)?
        var followers: [AsyncStream<JobView>.Continuation] = []
        var logs: [LogPart] = []
    }

    let state = Mutex(State())
    /// One element for every event stream that ended, whoever ended it.
    let endedStreams: AsyncStream<Void>
    private let endedStream: AsyncStream<Void>.Continuation

    init() { (endedStreams, endedStream) = AsyncStream.makeStream(of: Void.self) }

    static func job(_ id: Int64, state: String = "running", name: String = "study") -> JobView {
        JobView(
            id: id, uid: "uid-\(id)", name: name, kind: "study", state: state, priority: 1,
            specHash: String(repeating: "a", count: 64),
            dataset: nil, submittedAt: 1_000 * id, endedAt: state == "running" ? nil : 2_000 * id)
    }

    /// The first job, halfway through.
    private static var openJob: JobView {
        var view = job(1)
        view.progress = ProgressView(tasks: 10, finished: 4, failed: 1, assigned: 2, trials: 5, trialsFinished: 2, best: 1.5)
        return view
    }

    // MARK: HeadService

    func submit(_ request: SubmitRequest) async throws -> AcceptedJob {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.submitted.append(request)
            if let known = state.jobs.first(where: { $0.uid == request.uid }) { return AcceptedJob(view: known, isNew: false) }
            var view = FakeHead.job(Int64(state.jobs.count + 1))
            view.uid = request.uid
            state.jobs.append(view)
            return AcceptedJob(view: view, isNew: true)
        }
    }

    func control(_ job: JobID, _ control: JobControl) async throws -> JobView {
        try state.withLock { state in
            guard let index = state.jobs.firstIndex(where: { $0.id == job.rawValue }) else {
                throw FakeError("E_JOB_UNKNOWN", .input)
            }
            state.controls.append(Control(job: job, control: control))
            switch control {
            case .cancel: state.jobs[index].state = "cancelled"
            case .pause: state.jobs[index].paused = true
            case .resume: state.jobs[index].paused = nil
            case .cancelTask: break
            }
            return state.jobs[index]
        }
    }

    func cancel(labelled label: JobLabel) async throws -> [JobID] {
        state.withLock { state in
            state.labels.append(label)
            return state.jobs.map { JobID($0.id) }
        }
    }

    func events(_ query: EventQuery) -> EventsPage {
        let event = EventView(
            number: 7, at: 1_800_000_000_000, event: "task.failed", cause: "E_X", job: query.job, task: query.task,
            attempt: "1.2",
            worker: query.worker)
        return EventsPage(term: 1, events: query.after < 7 ? [event] : [], next: 7, first: 1)
    }

    func explain(_ job: JobID) async throws -> ExplanationView {
        var scheduler = Scheduler(configuration: SchedulerConfiguration(term: 1), now: Instant(nanoseconds: 0))
        _ = scheduler.handle(.submit(JobSubmission(job: job, resources: .zero)), at: Instant(nanoseconds: 0))
        _ = scheduler.handle(.append(job, [.range(0..<3)]), at: Instant(nanoseconds: 0))
        guard state.withLock({ $0.jobs.contains { $0.id == job.rawValue } }), let found = scheduler.explain(job) else {
            throw FakeError("E_JOB_UNKNOWN", .input)
        }
        return ExplanationView(job, found)
    }

    func importStudy(_ request: ImportRequest) async throws -> AcceptedJob {
        state.withLock { state in
            state.imported.append(request)
            return AcceptedJob(view: FakeHead.job(7, state: "succeeded"), isNew: state.imported.count == 1)
        }
    }

    func ask(_ job: JobID, _ request: AskRequest) async throws -> AskView {
        try state.withLock { state in
            guard state.jobs.contains(where: { $0.id == job.rawValue }) else { throw FakeError("E_JOB_UNKNOWN", .input) }
            state.asked.append(request)
            return AskView(
                trials: [AskedTrial(number: 4, attempt: "3.1", parameters: ["x": .number(0.5), "kind": .text("a")])],
                state: "running", leaseMilliseconds: 60_000)
        }
    }

    func tell(_ job: JobID, _ request: TellRequest) async throws -> TellView {
        try state.withLock { state in
            guard state.jobs.contains(where: { $0.id == job.rawValue }) else { throw FakeError("E_JOB_UNKNOWN", .input) }
            if request.tells.first?.attempt == "2.1" { throw FakeError("E_TRIAL_FENCED", .refused) }
            state.told.append(request)
            return TellView(taken: request.tells.count, refused: [])
        }
    }

    func drain(_ worker: WorkerID) async throws {
        try state.withLock { state in
            guard state.workers.contains(where: { $0.id == worker.rawValue }) else { throw FakeError("E_WORKER_UNKNOWN", .input) }
            state.drained.append(worker)
        }
    }

    func snapshot() -> HeadSnapshot {
        state.withLock { state in
            HeadSnapshot(
                info: InfoView(
                    clusterID: "test \"cluster\"", term: 3, codeVersion: "0.1.0", workerEndpoint: "tcp://127.0.0.1:1",
                    workers: state.workers.count,
                    openJobs: state.jobs.count { $0.state == "running" }, queuedTasks: 5),
                workers: state.workers,
                jobs: [JobID(1): Self.openJob])
        }
    }

    func view(of job: JobID) throws -> JobView? {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.jobs.first { $0.id == job.rawValue }
        }
    }

    func report(of job: JobID, trial: Int32?) throws -> ReportView? { state.withLock { $0.reports[trial ?? -1] } }
    func study(_ job: JobID) throws -> StudyView? { state.withLock { $0.study } }
    func trials(of job: JobID) throws -> [TrialView] { state.withLock { $0.trials } }

    func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskView] {
        state.withLock { Array($0.tasks.filter { $0.index > after }.prefix(limit)) }
    }

    func follow(_ job: JobID) -> AsyncStream<JobView> {
        let (stream, continuation) = AsyncStream.makeStream(of: JobView.self, bufferingPolicy: .bufferingNewest(1))
        continuation.onTermination = { [endedStream] _ in endedStream.yield() }
        state.withLock { $0.followers.append(continuation) }
        return stream
    }

    func logs(of job: JobID, task: Int32?, after: Int32, limit: Int) throws -> LogsPage {
        let parts = state.withLock { $0.logs.filter { task == nil ? $0.task > after : $0.task == task } }
        let tasks = Array(Set(parts.map(\.task))).sorted()
        let shown = tasks.prefix(limit)
        return LogsPage(parts: parts.filter { shown.contains($0.task) }, next: tasks.count > limit ? shown.last : nil)
    }

    /// What there is, and then the end.
    func followLogs(of job: JobID, task: Int32?) -> AsyncStream<LogPart> {
        let (stream, continuation) = AsyncStream.makeStream(of: LogPart.self, bufferingPolicy: .bufferingNewest(256))
        for part in state.withLock({ $0.logs }) where task == nil || part.task == task { continuation.yield(part) }
        continuation.finish()
        return stream
    }

    /// Changes a job, tells its followers, and ends their streams with the job.
    func change(_ view: JobView) {
        let followers = state.withLock { state in
            state.jobs = state.jobs.map { $0.id == view.id ? view : $0 }
            return state.followers
        }
        for follower in followers {
            follower.yield(view)
            if view.hasEnded { follower.finish() }
        }
    }

    /// The next event stream that ends.
    func waitForEndedStream() async {
        for await _ in endedStreams { return }
    }

    // MARK: JobQueries

    private func summary(_ view: JobView) -> JobSummary {
        JobSummary(
            record: JobRecord(
                id: JobID(view.id), uid: view.uid, name: view.name, kind: view.kind, spec: "{}", specHash: view.specHash,
                dataset: view.dataset,
                priority: view.priority, submittedAt: view.submittedAt),
            end: view.hasEnded ? JobEnd(state: view.state, endedAt: view.endedAt ?? 0) : nil)
    }

    func jobs(limit: Int, before: JobID?) throws -> [JobSummary] {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            return state.jobs.reversed().filter { before == nil || $0.id < before!.rawValue }.prefix(limit).map(summary)
        }
    }

    func job(_ id: JobID) throws -> JobSummary? { state.withLock { $0.jobs.first { $0.id == id.rawValue }.map(summary) } }
    func job(named name: String) throws -> JobSummary? { nil }
    func job(uid: String) throws -> JobSummary? { state.withLock { $0.jobs.first { $0.uid == uid }.map(summary) } }
    func jobs(dataset: String, before: JobID?, limit: Int) throws -> [JobSummary] { [] }
    func trials(of job: JobID) throws -> [TrialRecord] { [] }
    func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskRecord] { [] }
    func task(_ id: TaskID) throws -> TaskRecord? { nil }
    func trialCount(dataset: String) throws -> Int { 0 }
}

/// An error with a chosen code and category.
struct FakeError: DiagnosticError {
    var code: String
    var category: DiagnosticCategory
    var message: String { "made up for a test" }
    init(_ code: String, _ category: DiagnosticCategory) { (self.code, self.category) = (code, category) }
}
