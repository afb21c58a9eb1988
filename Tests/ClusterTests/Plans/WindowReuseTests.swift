import MarketData
import Scheduling
import Search
import Specs
import Stores
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

@Suite struct WindowReuseTests {
    private static let hash = String(repeating: "ab", count: 32)

    private static func spec(_ more: String = "", trials: Int = 3) throws -> JobSpec {
        try JobSpec.parse(
            text: """
                job: study
                name: s
                dataset: {name: d, sha256: \(hash)}
                strategy: {rule: {kind: movingAverageCross, fast: {int: [2, 9]}, slow: 20}}
                walkForward: {train: 100, test: 2}
                search: {sampler: random, trials: \(trials), seed: 1}
                objective: {maximize: sharpe}
                \(more)
                """)
    }

    private static let windows = (0..<3).compactMap { try? Window(index: $0, train: 0..<100, test: 100 + 2 * $0..<102 + 2 * $0) }

    /// A journal with one ended job whose trial with `fast` has run these windows.
    private static func journal(
        _ spec: JobSpec, fast: Int, _ windows: [Window], positions: [Double] = [1, 0]
    ) throws
        -> InMemoryJournal
    {
        let journal = InMemoryJournal()
        let term = try journal.raiseTerm()
        let record = JobRecord(
            id: JobID(1), uid: "u", name: "s", kind: "study", spec: spec.canonicalJSON(), specHash: "h", dataset: hash,
            priority: 0,
            submittedAt: 0)
        let key = try #require(WindowKey(spec, strategy: try spec.strategy(["rule.fast": .int(fast)])))
        let tasks = try windows.enumerated().map { index, window in
            let result = ProtoTaskResult.with {
                $0.window = .with {
                    $0.positions = [.with { $0.positions = positions }]
                    $0.key = key.digest(train: window.train, test: window.test)
                }
            }
            return JournalRecord.taskEnded(
                TaskRecord(
                    task: TaskID(job: JobID(1), index: Int32(index)), end: .succeeded, attempt: nil, worker: "w",
                    result: try result.serializedBytes()))
        }
        try journal.commit([.jobSubmitted(record)] + tasks, term: term)
        return journal
    }

    private func known(_ spec: JobSpec, _ journal: InMemoryJournal, fast: Int, before job: JobID? = nil) throws -> [Int] {
        let reuse = WindowReuse(spec: spec, cache: try WindowCache(for: spec, before: job, in: journal))
        return reuse.results(["rule.fast": .int(fast)], Self.windows).keys.sorted()
    }

    @Test("Windows that a job before has run are known by their strategy, bars, data and costs, and by nothing else")
    func finds() throws {
        let spec = try Self.spec()
        let journal = try Self.journal(spec, fast: 5, [Self.windows[0], Self.windows[2]])
        #expect(try known(spec, journal, fast: 5) == [0, 2])
        #expect(try known(Self.spec("labels: {a: b}\npriority: 3", trials: 9), journal, fast: 5) == [0, 2])
        #expect(try known(spec, journal, fast: 6) == [])
        #expect(try known(Self.spec("costs: {commission: 0.001}"), journal, fast: 5) == [])
        #expect(try known(Self.spec("cache: false"), journal, fast: 5) == [])
        // A job taken up again does not take its own windows, nor those of later jobs, for known.
        #expect(try known(spec, journal, fast: 5, before: JobID(1)) == [])
        let other = spec.pinned(toDataset: String(repeating: "cd", count: 32))
        #expect(try known(other, journal, fast: 5) == [])
    }

    @Test("A kept result that is not one for the window is not taken")
    func refusesUnsound() throws {
        let spec = try Self.spec()
        for positions in [[1.0], [1, .nan], []] {
            let journal = try Self.journal(spec, fast: 5, Self.windows, positions: positions)
            #expect(try known(spec, journal, fast: 5) == [])
        }
    }
}
