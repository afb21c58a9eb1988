import Diagnostics
import Scheduling
import Stores
import Synchronization

/// A journal on tables that survive every head, and that answers as the simulation wants it to.
final class SimulatedStore: Journal, JobQueries {
    enum Mood: Sendable {
        case answers
        /// Nothing is written, and nobody answers.
        case away
        /// The next commit is written, its answer lost.
        case losesOneAnswer
        /// The head dies at its next commit, before or after it is written.
        case killsBefore, killsAfter
    }

    struct Away: DiagnosticError {
        let code = "E_DB_UNAVAILABLE"
        let message = "taken away by the simulation"
        let place: Place? = nil
        let hint: String? = nil
        let category = DiagnosticCategory.unavailable
    }

    /// What ends a head in the middle of a turn.
    struct Death: Error {}

    private let real: InMemoryJournal
    private let mood = Mutex(Mood.answers)

    init(_ storage: InMemoryStorage) { real = InMemoryJournal(storage: storage) }

    func set(_ mood: Mood) { self.mood.withLock { $0 = mood } }
    var isAway: Bool { mood.withLock { $0 == .away } }

    func commit(_ records: [JournalRecord], term: Int64) throws {
        let mood = mood.withLock { mood in
            defer { if mood != .away { mood = .answers } }
            return mood
        }
        switch mood {
        case .answers: try real.commit(records, term: term)
        case .away: throw Away()
        case .losesOneAnswer:
            try real.commit(records, term: term)
            throw Away()
        case .killsBefore: throw Death()
        case .killsAfter:
            try real.commit(records, term: term)
            throw Death()
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
