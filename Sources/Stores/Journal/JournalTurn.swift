import Scheduling

/// The records of one turn, sorted by table and ready to be inserted.
struct JournalTurn {
    private(set) var jobRecords: [JobRecord] = []
    private(set) var jobs = SQLInsert(
        into: "jobs",
        [
            .init("id", .int), .init("uid", .text), .init("name", .text), .init("kind", .text), .init("spec", .text),
            .init("spec_hash", .text), .init("dataset", .text), .init("priority", .int), .init("submitted_at", .int),
            .init("after_jobs", .text), .init("earlier_trials", .int),
        ], conflict: "ON CONFLICT DO NOTHING")
    private(set) var tasks = SQLInsert(
        into: "tasks",
        [
            .init("job", .int), .init("idx", .int), .init("state", .text), .init("attempt_term", .int),
            .init("attempt_number", .int),
            .init("worker", .text), .init("ran_us", .int), .init("result", .blob), .init("error_code", .text),
            .init("error_message", .text),
        ], conflict: "ON CONFLICT (job, idx) DO NOTHING")
    static let rangeColumns: [SQLInsert.Column] = [
        .init("job", .int), .init("first", .int), .init("tasks", .int), .init("state", .text),
    ]
    /// The same tasks as ranges, without those of jobs that end in this turn.
    private(set) var ranges = SQLInsert(
        into: "task_ranges", rangeColumns, conflict: "ON CONFLICT (job, first) DO NOTHING")
    private(set) var trials = SQLInsert(
        into: "trials",
        [
            .init("job", .int), .init("number", .int), .init("state", .text), .init("parameters", .text),
            .init("objective", .double), .init("metrics", .text), .init("error_code", .text), .init("error_message", .text),
            .init("steps", .int), .init("reason", .text),
        ],
        conflict: """
            ON CONFLICT (job, number) DO UPDATE SET state = excluded.state, parameters = excluded.parameters,
            objective = excluded.objective, metrics = excluded.metrics, error_code = excluded.error_code,
            error_message = excluded.error_message, steps = excluded.steps, reason = excluded.reason
            """)
    private(set) var ends: [(job: JobID, end: JobEnd)] = []
    private(set) var pauses: [(job: JobID, isPaused: Bool)] = []
    /// The jobs of all tasks, trials and ends, which must be stored.
    private(set) var jobsSpokenOf: Set<JobID> = []

    init(_ records: [JournalRecord]) {
        var latest: [TrialKey: TrialRecord] = [:]
        var ended: [JobID: [EndedRange]] = [:]
        var order: [TrialKey] = []
        for record in records {
            switch record {
            case .jobSubmitted(let job): add(job)
            case .taskEnded(let task):
                add(task)
                Self.add(task, to: &ended[task.task.job, default: []])
            case .trial(let trial):
                let key = TrialKey(job: trial.job, number: trial.number)
                // Postgres refuses to update a row twice in one statement, so only the last word of a turn is written.
                if latest.updateValue(trial, forKey: key) == nil { order.append(key) }
            case .jobEnded(let job, let end):
                jobsSpokenOf.insert(job)
                ends.append((job, end))
            case .jobPaused(let job, let isPaused):
                jobsSpokenOf.insert(job)
                pauses.append((job, isPaused))
            }
        }
        for key in order { if let trial = latest[key] { add(trial) } }
        for (job, _) in ends { ended[job] = nil }
        for (job, each) in ended.sorted(by: { $0.key < $1.key }) { ranges.append(EndedRange.merged(each), of: job) }
    }

    /// Workers report in order of index for long stretches, so most tasks prolong the range before them.
    private static func add(_ task: TaskRecord, to ranges: inout [EndedRange]) {
        let index = task.task.index
        guard index < .max else { return }
        if let last = ranges.last, last.end == task.end, last.indices.upperBound == index {
            ranges[ranges.count - 1].indices = last.indices.lowerBound..<index + 1
        } else {
            ranges.append(EndedRange(index..<index + 1, task.end))
        }
    }

    private struct TrialKey: Hashable {
        let job: JobID
        let number: Int32
    }

    private mutating func add(_ job: JobRecord) {
        jobRecords.append(job)
        jobs.append([
            .int(job.id.rawValue), .freeText(job.uid), .freeText(job.name), .freeText(job.kind), .freeText(job.spec),
            .freeText(job.specHash), .freeText(job.dataset), .int(Int64(job.priority)), .int(job.submittedAt),
            .text(job.after.map { "\($0)" }.joined(separator: " ")), .int(Int64(job.earlierTrials)),
        ])
    }

    private mutating func add(_ task: TaskRecord) {
        jobsSpokenOf.insert(task.task.job)
        tasks.append([
            .int(task.task.job.rawValue), .int(Int64(task.task.index)), .text(task.end.rawValue), .nullable(task.attempt?.term),
            .nullable(task.attempt?.number), .freeText(task.worker), .int(task.ranMicroseconds), .blob(task.result),
            .freeText(task.errorCode), .freeText(task.errorMessage),
        ])
    }

    private mutating func add(_ trial: TrialRecord) {
        jobsSpokenOf.insert(trial.job)
        trials.append([
            .int(trial.job.rawValue), .int(Int64(trial.number)), .freeText(trial.state), .freeText(trial.parameters),
            .nullable(trial.objective), .freeText(trial.metrics), .freeText(trial.errorCode), .freeText(trial.errorMessage),
            .nullable(trial.steps.map(Int64.init)), .freeText(trial.reason),
        ])
    }
}

extension SQLInsert {
    /// Adds rows of `task_ranges`.
    mutating func append(_ ranges: [EndedRange], of job: JobID) {
        for range in ranges {
            append([
                .int(job.rawValue), .int(Int64(range.indices.lowerBound)), .int(Int64(range.indices.count)),
                .text(range.end.rawValue),
            ])
        }
    }
}
