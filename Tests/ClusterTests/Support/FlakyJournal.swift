import Diagnostics
import Scheduling
import Stores
import Synchronization

/// A journal whose store can be taken away, with the answer to a commit lost or not.
final class FlakyJournal: Journal, JobQueries {
    /// What happens to commits.
    enum Store: Sendable {
        case answers
        /// Nothing is written.
        case away
        /// The next commit is written, its answer lost; from then on nothing is.
        case losesOneAnswer
    }

    struct Failure: DiagnosticError {
        let code = "E_DB_UNAVAILABLE"
        let message = "taken away by the test"
        let place: Place? = nil
        let hint: String? = nil
        let category = DiagnosticCategory.unavailable
    }

    private let real: InMemoryJournal
    private let store = Mutex(Store.answers)
    /// Commits that failed, for a test to wait for.
    let failures: AsyncStream<Void>
    private let failed: AsyncStream<Void>.Continuation

    init(_ real: InMemoryJournal) {
        self.real = real
        (failures, failed) = AsyncStream.makeStream()
    }

    func set(_ store: Store) { self.store.withLock { $0 = store } }

    /// Returns when a commit has failed since the last call.
    func fail() async { for await _ in failures { break } }

    func commit(_ records: [JournalRecord], term: Int64) throws {
        let store = store.withLock { store in
            defer { if store == .losesOneAnswer { store = .away } }
            return store
        }
        if store != .away { try real.commit(records, term: term) }
        if store != .answers {
            failed.yield()
            throw Failure()
        }
    }

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
