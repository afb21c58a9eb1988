import Diagnostics
import Dispatch
package import Scheduling
import Synchronization

/// The journal and its queries on a database.
package final class SQLJournal: Journal, JobQueries {
    let database: any SQLDatabase
    private let holder: String
    private let headTerm: HeadTerm
    /// Jobs that the last turn has shown to be stored; jobs are never deleted.
    private let knownJobs = Mutex<Set<JobID>>([])
    /// Rows of ranges added for each open job since they were folded.
    let rangeRows = Mutex<[JobID: Int]>([:])
    let compaction = DispatchQueue(label: "journal.compaction")

    /// `holder` says in the lease who raised the term; `headTerm` is told about it.
    package init(database: any SQLDatabase, holder: String = "", headTerm: HeadTerm = HeadTerm()) {
        self.database = database
        self.holder = StoredText.clean(holder)
        self.headTerm = headTerm
    }

    package func raiseTerm(above floor: Int64) throws -> Int64 {
        let term = try database.repeatableTransaction { transaction in
            let rows = try transaction.query(
                """
                UPDATE head_lease SET term = CASE WHEN term < ? THEN ? ELSE term END + 1, holder = ? WHERE id = 1 RETURNING term
                """, [.int(floor), .int(floor), .text(holder)])
            guard let row = rows.first else {
                throw StoreError(.corrupt, "the head lease is missing", hint: "restore the database from a backup")
            }
            return try row.int("term")
        }
        CrashPoint.storeTermRaised.reached()
        headTerm.set(term)
        return term
    }

    /// Jobs are written first, then tasks, trials and ends, whatever their order in `records`. Records that are stored
    /// already change nothing, so a commit whose answer was lost may be repeated.
    package func commit(_ records: [JournalRecord], term: Int64) throws {
        let turn = JournalTurn(records)
        try Self.asOutage { try database.repeatableTransaction(.turn) { try write(turn, term: term, $0) } }
        committed(turn, term: term)
    }

    package func commitBriefly(_ records: [JournalRecord], term: Int64) throws {
        let turn = JournalTurn(records)
        try Self.asOutage { try database.transaction(.briefTurn) { try write(turn, term: term, $0) } }
        committed(turn, term: term)
    }

    private func committed(_ turn: JournalTurn, term: Int64) {
        CrashPoint.storeTurnCommitted.reached()
        knownJobs.withLock { $0 = turn.jobsSpokenOf }
        countRanges(of: turn, term: term)
    }

    /// A store that refuses writes after it has taken some is away like one that does not answer: somebody made it
    /// read-only, took a privilege, or restarted it with settings under which nothing may be acknowledged.
    private static func asOutage(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch var error as StoreError {
            switch error.kind {
            case .readOnly, .privilege, .settings, .fileSystem: error.kind = .unavailable
            default: break
            }
            throw error
        }
    }

    private func write(_ turn: JournalTurn, term: Int64, _ transaction: any SQLTransaction) throws {
        try HeadTerm.check(term, transaction)
        CrashPoint.storeTermChecked.reached()
        if turn.jobs.rowCount > 0, try transaction.insert(turn.jobs) < turn.jobs.rowCount {
            for record in turn.jobRecords { try requireSame(record, transaction) }
        }
        if turn.jobs.rowCount > 0 { CrashPoint.storeJobsWritten.reached() }
        try requireJobs(turn.jobsSpokenOf, transaction)
        switch try transaction.insert(turn.tasks) {
        case turn.tasks.rowCount:
            if turn.tasks.rowCount > 0 { CrashPoint.storeTasksWritten.reached() }
            try transaction.insert(turn.ranges)
            if turn.ranges.rowCount > 0 { CrashPoint.storeRangesWritten.reached() }
        // A turn that is repeated has its ranges stored with its tasks.
        case 0: break
        default: for job in turn.jobsSpokenOf { try rebuildRanges(of: job, transaction) }
        }
        try transaction.insert(turn.trials)
        if turn.trials.rowCount > 0 { CrashPoint.storeTrialsWritten.reached() }
        for (job, end) in turn.ends { try self.end(job, end, transaction) }
        if !turn.ends.isEmpty { CrashPoint.storeEndsWritten.reached() }
        for (job, isPaused) in turn.pauses {
            try transaction.execute("UPDATE jobs SET paused = ? WHERE id = ?", [.bool(isPaused), .int(job.rawValue)])
        }
    }

    /// Throws `E_DB_UNKNOWN_JOB` when one of the jobs is not stored.
    private func requireJobs(_ jobs: Set<JobID>, _ transaction: any SQLTransaction) throws {
        for job in jobs.subtracting(knownJobs.withLock { $0 }) {
            guard try !transaction.query("SELECT id FROM jobs WHERE id = ?", [.int(job.rawValue)]).isEmpty else {
                throw Self.unknown(job)
            }
        }
    }

    /// The first end of a job stands.
    private func end(_ job: JobID, _ end: JobEnd, _ transaction: any SQLTransaction) throws {
        try transaction.execute(
            """
            UPDATE jobs SET state = ?, ended_at = ?, result = ?, error_code = ?, error_message = ?
            WHERE id = ? AND state IS NULL
            """,
            [
                .freeText(end.state), .int(end.endedAt), .freeText(end.result), .freeText(end.errorCode),
                .freeText(end.errorMessage),
                .int(job.rawValue),
            ])
        try transaction.execute("DELETE FROM task_ranges WHERE job = ?", [.int(job.rawValue)])
    }

    /// Shows that the job stored under this id or key is this one.
    private func requireSame(_ record: JobRecord, _ transaction: any SQLTransaction) throws {
        let rows = try transaction.query(
            "SELECT id, uid, spec_hash FROM jobs WHERE id = ? OR uid = ?", [.int(record.id.rawValue), .freeText(record.uid)])
        for row in rows {
            let id = try row.int("id")
            let hash = try row.text("spec_hash")
            let uid = try row.text("uid")
            if id != record.id.rawValue || hash != record.specHash || uid != StoredText.clean(record.uid) {
                throw Self.conflict(record, storedID: id, storedHash: hash)
            }
        }
    }

    static func unknown(_ job: JobID) -> StoreError { StoreError(.unknownJob, "job \(job) is not stored") }

    static func conflict(_ record: JobRecord, storedID: Int64, storedHash: String) -> StoreError {
        StoreError(
            .uidConflict,
            "job \(record.id) with spec \(record.specHash) has the number or the key of job \(storedID) with spec \(storedHash)",
            hint: "use a new key for a new job")
    }
}
