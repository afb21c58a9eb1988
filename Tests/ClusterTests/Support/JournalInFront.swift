import Diagnostics
import Scheduling
import Stores

/// A journal in front of another one: it answers as that one does, and decides what becomes of commits.
protocol JournalInFront: Journal, JobQueries {
    var real: InMemoryJournal { get }
}

extension JournalInFront {
    func commitBriefly(_ records: [JournalRecord], term: Int64) throws { try commit(records, term: term) }
    func raiseTerm(above floor: Int64) throws -> Int64 { try real.raiseTerm(above: floor) }
    func recover() throws -> Recovery { try real.recover() }
    func jobs(limit: Int, before: JobID?) throws -> [JobSummary] { try real.jobs(limit: limit, before: before) }
    func job(_ id: JobID) throws -> JobSummary? { try real.job(id) }
    func job(named name: String) throws -> JobSummary? { try real.job(named: name) }
    func job(uid: String) throws -> JobSummary? { try real.job(uid: uid) }
    func jobs(dataset: String, before: JobID?, limit: Int) throws -> [JobSummary] {
        try real.jobs(dataset: dataset, before: before, limit: limit)
    }
    func trials(of job: JobID) throws -> [TrialRecord] { try real.trials(of: job) }
    func tasks(of job: JobID, after: Int32, limit: Int) throws -> [TaskRecord] {
        try real.tasks(of: job, after: after, limit: limit)
    }
    func task(_ id: TaskID) throws -> TaskRecord? { try real.task(id) }
    func trialCount(dataset: String) throws -> Int { try real.trialCount(dataset: dataset) }
}

/// What a journal says whose store is taken away.
struct StoreTakenAway: DiagnosticError {
    let code = "E_DB_UNAVAILABLE"
    let message = "taken away by the test"
    let place: Place? = nil
    let hint: String? = nil
    let category = DiagnosticCategory.unavailable
}
