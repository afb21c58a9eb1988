package import Scheduling

extension SQLJournal {
    /// The most rows one query returns.
    private static let limit = 100_000

    package func recover() throws -> Recovery {
        let records = try database.query("SELECT * FROM jobs WHERE state IS NULL ORDER BY id").map(JobSummary.init(row:))
        let open = try records.map { job in
            let rows = try database.query(
                "SELECT first, tasks, state FROM task_ranges WHERE job = ?", [.int(job.record.id.rawValue)])
            return Recovery.OpenJob(
                record: job.record, ended: EndedRange.merged(try rows.map(EndedRange.init(row:))), isPaused: job.isPaused)
        }
        let highest = try database.query("SELECT max(id) AS id FROM jobs").first?.optionalInt("id") ?? 0
        return Recovery(openJobs: open, nextJob: JobID(highest + 1))
    }

    package func jobs(limit: Int, before: JobID?) throws -> [JobSummary] {
        try database.query(
            "SELECT * FROM jobs WHERE id < ? ORDER BY id DESC LIMIT ?", [.int(before?.rawValue ?? .max), .int(Self.clamp(limit))]
        ).map(JobSummary.init(row:))
    }

    package func job(_ id: JobID) throws -> JobSummary? {
        try database.query("SELECT * FROM jobs WHERE id = ?", [.int(id.rawValue)]).first.map(JobSummary.init(row:))
    }

    package func job(uid: String) throws -> JobSummary? {
        try database.query("SELECT * FROM jobs WHERE uid = ?", [.freeText(uid)]).first.map(JobSummary.init(row:))
    }

    package func job(named name: String) throws -> JobSummary? {
        try database.query("SELECT * FROM jobs WHERE name = ? ORDER BY id DESC LIMIT 1", [.freeText(name)]).first
            .map(JobSummary.init(row:))
    }

    package func jobs(dataset: String, before: JobID?, limit: Int) throws -> [JobSummary] {
        try database.query(
            "SELECT * FROM jobs WHERE dataset = ? AND id < ? ORDER BY id DESC LIMIT ?",
            [.freeText(dataset), .int(before?.rawValue ?? .max), .int(Self.clamp(limit))]
        ).map(JobSummary.init(row:))
    }

    package func trials(of job: JobID) throws -> [TrialRecord] {
        try database.query("SELECT * FROM trials WHERE job = ? ORDER BY number", [.int(job.rawValue)]).map(TrialRecord.init(row:))
    }

    package func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskRecord] {
        try database.query(
            "SELECT * FROM tasks WHERE job = ? AND idx > ? ORDER BY idx LIMIT ?",
            [.int(job.rawValue), .int(Int64(after)), .int(Self.clamp(limit))]
        ).map(TaskRecord.init(row:))
    }

    package func task(_ id: TaskID) throws -> TaskRecord? {
        try database.query("SELECT * FROM tasks WHERE job = ? AND idx = ?", [.int(id.job.rawValue), .int(Int64(id.index))])
            .first.map(TaskRecord.init(row:))
    }

    package func trialCount(dataset: String) throws -> Int {
        let rows = try database.query(
            "SELECT count(*) AS trials FROM trials JOIN jobs ON jobs.id = trials.job WHERE jobs.dataset = ?", [.freeText(dataset)]
        )
        return Int(try rows.first?.int("trials") ?? 0)
    }

    private static func clamp(_ limit: Int) -> Int64 { Int64(min(max(limit, 0), Self.limit)) }
}
