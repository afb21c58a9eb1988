import Dispatch
import Scheduling
import Synchronization

/// Every turn adds the ranges of tasks that ended in it; now and then those of a job are folded into as few as possible, so
/// that a starting head reads little.
extension SQLJournal {
    /// Rows after which a job's ranges are folded.
    private static let rowsToFold = 16_384

    /// Counts the rows a committed turn has added, and has what has become much folded, off the caller's thread.
    func countRanges(of turn: JournalTurn, term: Int64) {
        var due: [JobID] = []
        rangeRows.withLock { rows in
            for (job, _) in turn.ends { rows[job] = nil }
            for start in stride(from: 0, to: turn.ranges.values.count, by: turn.ranges.columns.count) {
                guard case .int(let number) = turn.ranges.values[start] else { continue }
                rows[JobID(number), default: 0] += 1
                if rows[JobID(number)] == Self.rowsToFold { due.append(JobID(number)) }
            }
            for job in due { rows[job] = 0 }
        }
        for job in due {
            // Nothing depends on it: should it fail, the next one folds more.
            compaction.async { [self] in try? fold(job, term: term) }
        }
    }

    /// Makes a job's ranges from its tasks, for a turn some of whose tasks had ended before.
    func rebuildRanges(of job: JobID, _ transaction: any SQLTransaction) throws {
        try transaction.serialize(on: .ranges)
        try transaction.execute("DELETE FROM task_ranges WHERE job = ?", [.int(job.rawValue)])
        try transaction.execute(
            "INSERT INTO task_ranges (job, first, tasks, state) SELECT job, idx, 1, state FROM tasks WHERE job = ?",
            [.int(job.rawValue)])
    }

    /// Replaces the ranges of a job by as few as possible.
    func fold(_ job: JobID, term: Int64) throws {
        try database.transaction { transaction in
            try transaction.serialize(on: .ranges)
            try HeadTerm.check(term, transaction)
            // Exactly what is deleted is put back, whatever other turns add meanwhile.
            let rows = try transaction.query(
                "DELETE FROM task_ranges WHERE job = ? RETURNING first, tasks, state", [.int(job.rawValue)])
            let merged = EndedRange.merged(try rows.map(EndedRange.init(row:)))
            var insert = SQLInsert(into: "task_ranges", JournalTurn.rangeColumns, conflict: "")
            insert.append(merged, of: job)
            try transaction.insert(insert)
        }
    }
}
