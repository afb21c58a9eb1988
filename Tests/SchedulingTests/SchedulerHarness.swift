import Scheduling
import Testing

/// Drives a scheduler by events and keeps everything it says until a test has compared it.
struct SchedulerHarness {
    var scheduler: Scheduler
    var now = Instant(nanoseconds: 0)
    var pending = Output()

    init(term: Int64 = 1, _ change: (inout SchedulerConfiguration) -> Void = { _ in }) {
        var configuration = SchedulerConfiguration(term: term)
        // Without prefill, one task a slot, unless a test is about prefill.
        configuration.prefillLimit = 0
        change(&configuration)
        scheduler = Scheduler(configuration: configuration, now: now)
    }

    @discardableResult
    mutating func send(_ input: Input, after milliseconds: Int64 = 0, sourceLocation: SourceLocation = #_sourceLocation) -> Output
    {
        now = now.advanced(byMilliseconds: milliseconds)
        let output = scheduler.handle(input, at: now)
        pending.ended += output.ended
        pending.commands += output.commands
        pending.verdicts += output.verdicts
        pending.deadline = output.deadline
        #expect(scheduler.inconsistencies() == [], sourceLocation: sourceLocation)
        return output
    }

    /// Compares what was said since the last comparison, all of it.
    mutating func expect(
        commands: [Command] = [], ended: [EndedTask] = [], verdicts: [Verdict] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(pending.commands == commands, sourceLocation: sourceLocation)
        #expect(pending.ended == ended, sourceLocation: sourceLocation)
        #expect(pending.verdicts == verdicts, sourceLocation: sourceLocation)
        pending = Output()
    }

    /// The end of every test: nothing was said that was not compared.
    mutating func expectNothingElse(sourceLocation: SourceLocation = #_sourceLocation) {
        expect(sourceLocation: sourceLocation)
    }

    // MARK: - Short forms

    mutating func submit(
        _ job: Int64 = 1, tasks: Range<Int32>? = nil, priority: Int32 = 0, cpu: Int64 = 1, memory: Int64 = 0,
        retry: RetryPolicy = RetryPolicy(), timeout: Int64? = nil, sourceLocation: SourceLocation = #_sourceLocation,
        _ change: (inout JobSubmission) -> Void = { _ in }
    ) {
        var submission = JobSubmission(
            job: JobID(job), priority: priority, resources: Resources(milliCPU: cpu * 1_000, memory: memory), retry: retry,
            timeoutMilliseconds: timeout)
        change(&submission)
        send(.submit(submission), sourceLocation: sourceLocation)
        if let tasks { send(.append(JobID(job), [.range(tasks)]), sourceLocation: sourceLocation) }
    }

    mutating func register(
        _ worker: Int32, cpu: Int64 = 1, memory: Int64 = 1 << 30, holding: [TaskAttempt] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let capacity = Resources(milliCPU: cpu * 1_000, memory: memory)
        send(
            .register(WorkerID(worker), Registration(capacity: capacity, holding: holding)), sourceLocation: sourceLocation)
    }

    mutating func report(
        _ worker: Int32, _ attempt: TaskAttempt, _ outcome: AttemptOutcome = .succeeded, ran: Int64 = 0,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        send(
            .report(WorkerID(worker), [AttemptReport(attempt: attempt, outcome: outcome, ranMicroseconds: ran)]),
            sourceLocation: sourceLocation)
    }
}

/// The attempt `number` of term `term` of task `job`/`index`.
func attempt(_ job: Int64, _ index: Int32, _ number: Int64, term: Int64 = 1) -> TaskAttempt {
    TaskAttempt(task: TaskID(job: JobID(job), index: index), attempt: Attempt(term: term, number: number))
}

func assign(_ worker: Int32, _ attempts: TaskAttempt...) -> Command { .assign(WorkerID(worker), attempts) }

func stop(_ worker: Int32, _ attempt: TaskAttempt, _ reason: StopReason) -> Command { .stop(WorkerID(worker), attempt, reason) }

func dismiss(_ worker: Int32) -> Command { .dismiss(WorkerID(worker)) }

func ended(_ end: TaskEnd, by attempt: TaskAttempt, _ cause: EndCause? = nil) -> EndedTask {
    EndedTask(task: attempt.task, end: end, attempt: attempt.attempt, cause: cause)
}

/// The end of a task that no attempt decided; one that is cancelled depends on a task that did not succeed, unless said otherwise.
func ended(_ end: TaskEnd, _ job: Int64, _ index: Int32, _ cause: EndCause? = .dependency) -> EndedTask {
    EndedTask(task: TaskID(job: JobID(job), index: index), end: end, attempt: nil, cause: cause)
}
