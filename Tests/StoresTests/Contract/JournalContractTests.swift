import Foundation
import Scheduling
import Testing

@testable import Stores

/// What every journal promises, whatever is behind it.
@Suite struct JournalContractTests {
    @Test("An empty store starts with term 1 and job 1", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let recovery = try journal.recover()
        #expect(recovery.openJobs.isEmpty)
        #expect(recovery.nextJob == JobID(1))
        #expect(try journal.raiseTerm() == 1)
        #expect(try journal.raiseTerm() == 2)
    }

    @Test("What was committed is read back as it was, by another process too", arguments: StoreKind.allCases)
    func roundTrip(kind: StoreKind) throws {
        let store = try kind.make()
        let journal = try store.open().journal
        let term = try journal.raiseTerm()
        let job = Records.job(1, dataset: nil)
        let tasks = [Records.task(1, 0), Records.task(1, 1, result: []), Records.failure(1, 2)]
        let trial = Records.trial(1, 0, state: "succeeded", objective: -1.25e-300)
        try journal.commit([.jobSubmitted(job), .trial(trial)] + tasks.map { .taskEnded($0) }, term: term)
        let reader = try store.open().journal
        #expect(try reader.job(JobID(1)) == JobSummary(record: job, end: nil))
        #expect(try reader.tasks(of: JobID(1), after: -1, limit: 10) == tasks)
        #expect(try reader.task(TaskID(job: JobID(1), index: 2)) == tasks[2])
        #expect(try reader.task(TaskID(job: JobID(1), index: 3)) == nil)
        #expect(try reader.trials(of: JobID(1)) == [trial])
        try journal.commit([.jobEnded(JobID(1), Records.end("failed"))], term: term)
        #expect(try reader.job(JobID(1)) == JobSummary(record: job, end: Records.end("failed")))
    }

    @Test("The first result of a task stands, however often another is committed", arguments: StoreKind.allCases)
    func idempotentResults(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        let turn: [JournalRecord] = [.jobSubmitted(Records.job(1)), .taskEnded(Records.task(1, 0, result: [1]))]
        try journal.commit(turn, term: term)
        try journal.commit(turn, term: term)
        try journal.commit(
            [.taskEnded(Records.task(1, 0, result: [2])), .taskEnded(Records.failure(1, 0)), .taskEnded(Records.task(1, 1))],
            term: term)
        #expect(try journal.tasks(of: JobID(1), after: -1, limit: 10) == [Records.task(1, 0, result: [1]), Records.task(1, 1)])
        #expect(try journal.jobs(limit: 10, before: nil).count == 1)
    }

    @Test("Jobs are found by the dataset they read, newest first and before a given one", arguments: StoreKind.allCases)
    func jobsOfDataset(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        let datasets: [String?] = ["aa", "bb", "aa", nil, "aa"]
        for (place, dataset) in datasets.enumerated() {
            try journal.commit([.jobSubmitted(Records.job(Int64(place + 1), dataset: dataset))], term: term)
        }
        func found(_ dataset: String, before: Int64? = nil, limit: Int = 10) throws -> [Int64] {
            try journal.jobs(dataset: dataset, before: before.map(JobID.init), limit: limit).map(\.record.id.rawValue)
        }
        #expect(try found("aa") == [5, 3, 1] && found("bb") == [2] && found("cc").isEmpty)
        #expect(try found("aa", before: 5) == [3, 1] && found("aa", limit: 1) == [5] && found("aa", limit: 0).isEmpty)
    }

    @Test("Of one task twice in one turn the first counts", arguments: StoreKind.allCases)
    func duplicateInOneTurn(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        try journal.commit(
            [
                .jobSubmitted(Records.job(1)), .taskEnded(Records.task(1, 0, result: [1])),
                .taskEnded(Records.task(1, 0, result: [2])),
                .trial(Records.trial(1, 0)), .trial(Records.trial(1, 0, state: "succeeded", objective: 2)),
            ], term: term)
        #expect(try journal.task(TaskID(job: JobID(1), index: 0))?.result == [1])
        #expect(try journal.trials(of: JobID(1)).map(\.objective) == [2])
    }

    @Test("A head whose term was raised by another writes nothing more", arguments: StoreKind.allCases)
    func fencing(kind: StoreKind) throws {
        let store = try kind.make()
        let first = try store.open(holder: "first").journal
        let second = try store.open(holder: "second").journal
        let old = try first.raiseTerm()
        try first.commit([.jobSubmitted(Records.job(1))], term: old)
        let new = try second.raiseTerm()
        #expect(new > old)
        for records in [
            [], [.taskEnded(Records.task(1, 0))], [.jobSubmitted(Records.job(2))], [.jobEnded(JobID(1), Records.end())],
        ]
            as [[JournalRecord]]
        {
            let error = #expect(throws: StoreError.self) { try first.commit(records, term: old) }
            #expect(error?.code == "E_FENCED_HEAD")
            #expect(error?.message.contains("second") == true)
        }
        try second.commit([.taskEnded(Records.task(1, 1, term: new))], term: new)
        #expect(try second.tasks(of: JobID(1), after: -1, limit: 10) == [Records.task(1, 1, term: new)])
        #expect(try second.jobs(limit: 10, before: nil).map(\.end) == [nil])
    }

    @Test(
        "Heads that raise the term at once all get different terms, and only the highest one writes",
        arguments: StoreKind.allCases)
    func racingHeads(kind: StoreKind) async throws {
        let store = try kind.make()
        _ = try store.open()
        let heads = try (0..<6).map { _ in try store.open().journal }
        let outcomes = try await withThrowingTaskGroup(of: (term: Int64, wrote: Bool).self) { group in
            for (index, head) in heads.enumerated() {
                group.addTask {
                    let term = try head.raiseTerm()
                    do {
                        try head.commit([.jobSubmitted(Records.job(Int64(index) + 1))], term: term)
                        return (term, true)
                    } catch let error as StoreError where error.code == "E_FENCED_HEAD" {
                        return (term, false)
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.map(\.term).sorted() == [1, 2, 3, 4, 5, 6])
        #expect(outcomes.first { $0.term == 6 }?.wrote == true)
        #expect(try heads[0].jobs(limit: 10, before: nil).count == outcomes.count { $0.wrote })
    }

    @Test("A turn that fails in any part changes nothing", arguments: StoreKind.allCases)
    func atomicTurn(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        let good: [JournalRecord] = [.jobSubmitted(Records.job(1)), .taskEnded(Records.task(1, 0))]
        for bad in [.taskEnded(Records.task(7, 0)), .trial(Records.trial(7, 0)), .jobEnded(JobID(7), Records.end())]
            as [JournalRecord]
        {
            let error = #expect(throws: StoreError.self) { try journal.commit(good + [bad], term: term) }
            #expect(error?.code == "E_DB_UNKNOWN_JOB")
            #expect(try journal.jobs(limit: 10, before: nil).isEmpty)
        }
    }

    @Test("A key or number that another job has is E_UID_CONFLICT, which names both hashes", arguments: StoreKind.allCases)
    func uidConflict(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        try journal.commit([.jobSubmitted(Records.job(1, uid: "key", specHash: "aaaa"))], term: term)
        for other in [
            Records.job(2, uid: "key", specHash: "aaaa"), Records.job(1, uid: "other", specHash: "aaaa"),
            Records.job(1, uid: "key", specHash: "bbbb"),
        ] {
            let error = #expect(throws: StoreError.self) { try journal.commit([.jobSubmitted(other)], term: term) }
            #expect(error?.code == "E_UID_CONFLICT")
            #expect(error?.message.contains("aaaa") == true && error?.message.contains(other.specHash) == true)
        }
        #expect(try journal.jobs(limit: 10, before: nil).map(\.record) == [Records.job(1, uid: "key", specHash: "aaaa")])
    }

    @Test("A job is found by its client's key", arguments: StoreKind.allCases)
    func lookUpByUID(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        try journal.commit(
            [.jobSubmitted(Records.job(1, uid: "a")), .jobSubmitted(Records.job(2, uid: "ä 'quoted' \"key\" ?"))], term: term)
        #expect(try journal.job(uid: "a")?.record.id == JobID(1))
        #expect(try journal.job(uid: "ä 'quoted' \"key\" ?")?.record.id == JobID(2))
        #expect(try journal.job(uid: "A") == nil)
        #expect(try journal.job(uid: "' OR 1=1 --") == nil)
    }

    @Test("Recovery gives the open jobs by id with their tasks by index, and the next free id", arguments: StoreKind.allCases)
    func recovery(kind: StoreKind) throws {
        let store = try kind.make()
        let journal = try store.open().journal
        let term = try journal.raiseTerm()
        let jobs = [10, 2, 9, 4].map { Records.job($0) }
        try journal.commit(jobs.map { .jobSubmitted($0) }, term: term)
        try journal.commit([3, 1, 2, 0].map { .taskEnded(Records.task(2, $0)) } + [.taskEnded(Records.task(9, 5))], term: term)
        try journal.commit([.jobEnded(JobID(4), Records.end()), .jobEnded(JobID(10), Records.end("cancelled"))], term: term)
        let recovery = try store.open().journal.recover()
        #expect(recovery.openJobs.map(\.record) == [Records.job(2), Records.job(9)])
        #expect(recovery.openJobs.map(\.ended) == [[EndedRange(0..<4, .succeeded)], [EndedRange(5..<6, .succeeded)]])
        #expect(recovery.nextJob == JobID(11))
    }

    @Test("Recovery knows every task that ended, however the turns overlapped", arguments: StoreKind.allCases)
    func recoveryOfManyTasks(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        func turn(_ indices: some Sequence<Int32>) -> [JournalRecord] { indices.map { .taskEnded(Records.task(1, $0)) } }
        try journal.commit([.jobSubmitted(Records.job(1))] + turn(stride(from: 0, to: 25_000, by: 2)), term: term)
        let repeated = turn(stride(from: 1, to: 12_000, by: 2)) + [.taskEnded(Records.failure(1, 30_000))]
        for _ in 0..<2 { try journal.commit(repeated, term: term) }
        // Some of these have ended before, and one of them otherwise.
        try journal.commit(turn(11_000..<13_000) + turn([30_000, 30_001]), term: term)
        let ended = try journal.recover().openJobs[0].ended
        #expect(ended.first == EndedRange(0..<13_001, .succeeded))
        #expect(ended.suffix(2) == [EndedRange(30_000..<30_001, .failed), EndedRange(30_001..<30_002, .succeeded)])
        #expect(ended.dropFirst().dropLast(2).map(\.indices) == stride(from: 13_002, to: 25_000, by: 2).map { $0..<$0 + 1 })
    }

    @Test("Ranges that were folded say the same in fewer rows, and new ones join them", arguments: [StoreKind.sqlite, .postgres])
    func foldedRanges(kind: StoreKind) throws {
        let journal = try #require(try kind.make().open().journal as? SQLJournal)
        let term = try journal.raiseTerm()
        try journal.commit([.jobSubmitted(Records.job(1))], term: term)
        for index in (0..<40 as Range<Int32>).reversed() { try journal.commit([.taskEnded(Records.task(1, index))], term: term) }
        func rows() throws -> Int64? { try journal.database.query("SELECT count(*) AS n FROM task_ranges").first?.int("n") }
        #expect(try rows() == 40)
        let before = try journal.recover().openJobs
        try journal.fold(JobID(1), term: term)
        #expect(try rows() == 1)
        #expect(try journal.recover().openJobs == before)
        try journal.commit([.taskEnded(Records.task(1, 40))], term: term)
        #expect(try journal.recover().openJobs[0].ended == [EndedRange(0..<41, .succeeded)])
        // A head that is over folds nothing, and a job that is over needs no ranges.
        _ = try journal.raiseTerm()
        #expect(throws: StoreError.self) { try journal.fold(JobID(1), term: term) }
        try journal.commit([.taskEnded(Records.task(1, 41)), .jobEnded(JobID(1), Records.end())], term: term + 1)
        #expect(try rows() == 0)
    }

    @Test("The first end of a job stands", arguments: StoreKind.allCases)
    func endsAreImmutable(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        try journal.commit([.jobSubmitted(Records.job(1)), .jobEnded(JobID(1), Records.end("succeeded", at: 5))], term: term)
        try journal.commit([.jobEnded(JobID(1), Records.end("failed", at: 6)), .jobSubmitted(Records.job(1))], term: term)
        #expect(try journal.job(JobID(1))?.end == Records.end("succeeded", at: 5))
        #expect(try journal.recover().openJobs.isEmpty)
    }

    @Test("A trial is replaced by its later record", arguments: StoreKind.allCases)
    func trials(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        try journal.commit([.jobSubmitted(Records.job(1)), .jobSubmitted(Records.job(2))], term: term)
        try journal.commit([2, 0, 1].map { .trial(Records.trial(1, $0)) }, term: term)
        var failed = Records.trial(1, 2, state: "failed")
        (failed.errorCode, failed.errorMessage) = ("E_METRIC_VALUE", "the trial's sharpe is nan")
        try journal.commit(
            [
                .trial(Records.trial(1, 1, state: "succeeded", objective: 1.5)), .trial(Records.trial(2, 0)), .trial(failed),
            ], term: term)
        #expect(
            try journal.trials(of: JobID(1)) == [
                Records.trial(1, 0), Records.trial(1, 1, state: "succeeded", objective: 1.5), failed,
            ])
        #expect(try journal.trials(of: JobID(3)).isEmpty)
    }

    @Test("Trials are counted per dataset over all jobs, open or ended", arguments: StoreKind.allCases)
    func trialCount(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        let jobs = [(1, "aa"), (2, "bb"), (3, "aa")].map { Records.job($0, dataset: $1) } + [Records.job(4, dataset: nil)]
        try journal.commit(jobs.map { .jobSubmitted($0) }, term: term)
        try journal.commit(
            [(1, 0), (1, 1), (2, 0), (3, 0), (4, 0), (1, 1)].map { .trial(Records.trial($0, $1)) } + [
                .jobEnded(JobID(1), Records.end())
            ],
            term: term)
        #expect(try journal.trialCount(dataset: "aa") == 3)
        #expect(try journal.trialCount(dataset: "bb") == 1)
        #expect(try journal.trialCount(dataset: "cc") == 0)
    }

    @Test("How many trials a dataset had seen before a job is kept with the job", arguments: StoreKind.allCases)
    func earlierTrials(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        var late = Records.job(2)
        late.earlierTrials = 200
        try journal.commit([.jobSubmitted(Records.job(1)), .jobSubmitted(late)], term: term)
        #expect(try journal.job(JobID(1))?.record.earlierTrials == 0)
        #expect(try journal.job(JobID(2))?.record == late)
        #expect(try journal.recover().openJobs.map(\.record.earlierTrials) == [0, 200])
    }

    @Test("Jobs are paged backwards and tasks forwards", arguments: StoreKind.allCases)
    func paging(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        try journal.commit(
            (1...7).map { .jobSubmitted(Records.job($0)) } + (0..<7).map { .taskEnded(Records.task(1, $0)) }, term: term)
        #expect(try journal.jobs(limit: 3, before: nil).map(\.record.id.rawValue) == [7, 6, 5])
        #expect(try journal.jobs(limit: 3, before: JobID(5)).map(\.record.id.rawValue) == [4, 3, 2])
        #expect(try journal.jobs(limit: 3, before: JobID(1)).isEmpty)
        #expect(try journal.tasks(of: JobID(1), after: -1, limit: 3).map(\.task.index) == [0, 1, 2])
        #expect(try journal.tasks(of: JobID(1), after: 4, limit: 3).map(\.task.index) == [5, 6])
        for limit in [0, -1, .min] {
            #expect(try journal.jobs(limit: limit, before: nil).isEmpty)
            #expect(try journal.tasks(of: JobID(1), after: -1, limit: limit).isEmpty)
        }
        #expect(try journal.jobs(limit: .max, before: JobID(.min)).isEmpty)
        #expect(try journal.tasks(of: JobID(1), after: .max, limit: .max).isEmpty)
    }

    @Test("Whatever text and numbers workers send, the turn commits", arguments: StoreKind.allCases)
    func hostileValues(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        let message = "a\u{0}b\u{202E}\u{1F600}'; DROP TABLE jobs; -- $1 ? \\"
        try journal.commit(
            [
                .jobSubmitted(Records.job(1)), .taskEnded(Records.failure(1, 0, message: message)),
                .trial(Records.trial(1, 0, objective: .nan)), .trial(Records.trial(1, 1, objective: .infinity)),
                .trial(Records.trial(1, 2, objective: -.infinity)),
                .trial(Records.trial(1, 3, objective: .greatestFiniteMagnitude)),
                .trial(Records.trial(1, 4, objective: .leastNonzeroMagnitude)),
                .taskEnded(Records.task(1, .max, result: Array(0...255))),
            ], term: term)
        #expect(
            try journal.task(TaskID(job: JobID(1), index: 0))?.errorMessage
                == message.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}"))
        #expect(
            try journal.trials(of: JobID(1)).map(\.objective) == [
                nil, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
            ])
        #expect(try journal.task(TaskID(job: JobID(1), index: .max))?.result == Array(0...255))
    }

    @Test("A turn with results of many megabytes commits", arguments: StoreKind.allCases)
    func largeResults(kind: StoreKind) throws {
        let journal = try kind.make().open().journal
        let term = try journal.raiseTerm()
        let bytes = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try journal.commit(
            [.jobSubmitted(Records.job(1))] + (0..<5).map { .taskEnded(Records.task(1, $0, result: bytes)) }, term: term)
        #expect(try journal.task(TaskID(job: JobID(1), index: 4))?.result == bytes)
        #expect(try journal.tasks(of: JobID(1), after: -1, limit: 9).count == 5)
    }
}
