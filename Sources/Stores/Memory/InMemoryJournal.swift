package import Scheduling

/// A journal that forgets everything with its process; its answers are those of `SQLJournal`.
package final class InMemoryJournal: Journal {
    let storage: InMemoryStorage
    private let holder: String
    private let headTerm: HeadTerm

    /// Two journals on one `storage` are two heads on one database.
    package init(storage: InMemoryStorage = InMemoryStorage(), holder: String = "", headTerm: HeadTerm = HeadTerm()) {
        self.storage = storage
        self.holder = holder
        self.headTerm = headTerm
    }

    package func raiseTerm(above floor: Int64) throws -> Int64 {
        let term = storage.write { tables in
            tables.term = max(tables.term, floor) + 1
            tables.holder = holder
            return tables.term
        }
        headTerm.set(term)
        return term
    }

    package func commit(_ records: [JournalRecord], term: Int64) throws {
        try storage.write { tables in
            guard tables.term == term else { throw HeadTerm.fenced(term, tables.term, by: tables.holder) }
            try Self.check(records, tables)
            for case .jobSubmitted(let job) in records { Self.add(job, &tables) }
            for record in records {
                switch record {
                case .jobSubmitted: break
                case .taskEnded(let task): Self.add(task, &tables)
                case .trial(let trial): Self.add(trial, &tables)
                case .jobEnded(let job, let end): Self.end(job, end, &tables)
                case .jobPaused(let job, let isPaused): tables.jobs[job.rawValue]?.isPaused = isPaused
                }
            }
        }
    }

    package func commitBriefly(_ records: [JournalRecord], term: Int64) throws { try commit(records, term: term) }

    /// Throws when a job has the number or key of another, or a record speaks of a job that does not exist.
    private static func check(_ records: [JournalRecord], _ tables: InMemoryStorage.Tables) throws {
        var added: [Int64: JobRecord] = [:]
        var addedByUID: [String: JobRecord] = [:]
        for case .jobSubmitted(let job) in records {
            let stored = [
                tables.jobs[job.id.rawValue]?.record, tables.jobsByUID[job.uid].flatMap { tables.jobs[$0]?.record },
                added[job.id.rawValue], addedByUID[job.uid],
            ]
            for stored in stored.compactMap(\.self)
            where stored.id != job.id || stored.uid != job.uid || stored.specHash != job.specHash {
                throw SQLJournal.conflict(job, storedID: stored.id.rawValue, storedHash: stored.specHash)
            }
            added[job.id.rawValue] = job
            addedByUID[job.uid] = job
        }
        for record in records {
            let job: JobID
            switch record {
            case .jobSubmitted: continue
            case .taskEnded(let task): job = task.task.job
            case .trial(let trial): job = trial.job
            case .jobEnded(let id, _), .jobPaused(let id, _): job = id
            }
            guard tables.jobs[job.rawValue] != nil || added[job.rawValue] != nil else { throw SQLJournal.unknown(job) }
        }
    }

    private static func add(_ job: JobRecord, _ tables: inout InMemoryStorage.Tables) {
        guard tables.jobs[job.id.rawValue] == nil else { return }
        tables.jobs[job.id.rawValue] = JobSummary(record: job, end: nil)
        tables.jobsByUID[job.uid] = job.id.rawValue
    }

    private static func add(_ task: TaskRecord, _ tables: inout InMemoryStorage.Tables) {
        let job = task.task.job.rawValue
        guard tables.tasks[job]?[task.task.index] == nil else { return }
        var stored = task
        stored.worker = StoredText.clean(task.worker)
        stored.errorCode = task.errorCode.map(StoredText.clean)
        stored.errorMessage = task.errorMessage.map(StoredText.clean)
        tables.tasks[job, default: [:]][task.task.index] = stored
    }

    private static func add(_ trial: TrialRecord, _ tables: inout InMemoryStorage.Tables) {
        var stored = trial
        if trial.objective?.isNaN == true { stored.objective = nil }
        tables.trials[trial.job.rawValue, default: [:]][trial.number] = stored
    }

    private static func end(_ job: JobID, _ end: JobEnd, _ tables: inout InMemoryStorage.Tables) {
        guard let stored = tables.jobs[job.rawValue], stored.end == nil else { return }
        tables.jobs[job.rawValue]?.end = end
    }
}
