import Backtest
import MarketData
import Scheduling
import Search
import Specs
import Statistics
import Stores
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

/// Pruned studies whose windows an earlier job has run in part.
@Suite struct PrunedReuseTests {
    private static let windows = (0..<8).compactMap { try? Window(index: $0, train: 0..<100, test: 100 + 2 * $0..<102 + 2 * $0) }

    private static func spec(_ pruner: String) throws -> JobSpec {
        try JobSpec.parse(
            text: """
                job: study
                name: s
                dataset: {name: d, sha256: \(String(repeating: "ab", count: 32))}
                strategy: {rule: {kind: rsiReversion, period: 14, lower: {float: [10, 40]}, upper: 70, exit: 50}}
                walkForward: {train: 100, test: 2}
                search: {sampler: tpe, trials: 40, seed: 3, parallelTrials: 6, pruner: \(pruner)}
                objective: {maximize: sharpe}
                """)
    }

    /// Forty trials of eight windows with two bars each, at most six open at once.
    private func run(_ spec: JobSpec, _ reuse: WindowReuse? = nil, recorded: RecordedTrials = .none) throws -> PlanRun {
        guard case .study(let body) = spec.body else { throw CancellationError() }
        let goal = StudyGoal(
            isStudy: true, goals: body.goals, strategy: nil, then: StudySpec.Then(),
            datasetHash: String(repeating: "a", count: 64), specHash: String(repeating: "b", count: 64), codeVersion: "1", job: 7,
            retrainSpec: nil)
        let study = try Study(body.search, space: body.searchSpace(), goals: body.goals, known: [])
        let plan = StudyPlan(
            job: JobID(7), goal: goal, study: study, windows: Self.windows, bars: 116, reuse: reuse, pruner: body.search.pruner)
        var run = PlanRun(plan, recorded: recorded)
        run.judgeByWindows()
        return run
    }

    /// What `run`'s trials would find when a job before has left that share of all their windows.
    private func reuse(_ spec: JobSpec, _ share: Double, of run: PlanRun) throws -> WindowReuse {
        let journal = InMemoryJournal()
        let term = try journal.raiseTerm()
        let record = JobRecord(
            id: JobID(1), uid: "u", name: "s", kind: "study", spec: spec.canonicalJSON(), specHash: "h",
            dataset: spec.dataset?.sha256, priority: 0, submittedAt: 0)
        var tasks: [JournalRecord] = []
        var generator = SplitMix64(seed: 11)
        for trial in run.records.values.sorted(by: { $0.number < $1.number }) {
            let point: [String: Double] = try #require(CanonicalJSON.decode(trial.parameters))
            let key = try #require(WindowKey(spec, strategy: try spec.strategy(point.mapValues(ParameterValue.double))))
            for window in Self.windows where generator.uniform() < share {
                let result = ProtoTaskResult.with {
                    $0.window = .with {
                        $0.positions = [.with { $0.positions = [0.5, -0.5] }]
                        $0.objective = PlanRun.merit(Int(trial.number), window.index)
                        $0.sharpe = $0.objective
                        $0.key = key.digest(train: window.train, test: window.test)
                    }
                }
                let task = TaskID(job: JobID(1), index: Int32(tasks.count))
                let bytes: [UInt8] = try result.serializedBytes()
                tasks.append(
                    .taskEnded(TaskRecord(task: task, end: .succeeded, attempt: nil, worker: "w", result: bytes)))
            }
        }
        try journal.commit([.jobSubmitted(record)] + tasks, term: term)
        return WindowReuse(spec: spec, cache: try WindowCache(for: spec, before: nil, in: journal))
    }

    private static let pruners = [
        "{kind: window, level: 0.2, first: 2}", "{kind: percentile, keep: 0.5, startup: 3, first: 2, every: 2, order: spread}",
        "{kind: halving, reduction: 2, first: 2}", "{kind: hyperband, reduction: 2, first: 2, order: chronological}",
        "{kind: threshold, lower: 1, first: 2, every: 3}",
    ]

    @Test(arguments: pruners, [0.3, 0.9, 1.0])
    func `windows that are known count as if they had run`(pruner: String, share: Double) throws {
        let spec = try Self.spec(pruner)
        var plain = try run(spec)
        plain.finish { $0.removeFirst() }
        let expected = try #require(plain.conclusion?.result)
        #expect(expected.cached == nil && (expected.pruning?.trials ?? 0) > 0)
        let reuse = try reuse(spec, share, of: plain)
        for seed in 1...4 {
            var other = try run(spec, reuse)
            other.shuffle(seed: UInt64(seed))
            var result = try #require(other.conclusion?.result)
            #expect(result.cached == other.known.count && !other.known.isEmpty)
            // No window ran that was known, and all of those that ran without the cache are one or the other.
            #expect(other.known.isDisjoint(with: other.ended))
            #expect(other.known.union(other.ended) == Set(plain.ended))
            result.cached = nil
            #expect(result == expected)
            #expect(other.records == plain.records)
        }
    }

    @Test(arguments: pruners) func `a plan rebuilt with its recorded trials and known windows goes on as if nothing had happened`(
        pruner: String
    ) throws {
        let spec = try Self.spec(pruner)
        var plain = try run(spec)
        plain.finish { $0.removeFirst() }
        for share in [0, 0.5, 1] {
            let reuse = try reuse(spec, share, of: plain)
            var calm = try run(spec, reuse)
            calm.finish { $0.removeFirst() }
            for ended in [0, 1, 3, 10, 25, 60, 120] {
                var crashed = try run(spec, reuse)
                crashed.shuffle(seed: UInt64(ended), steps: ended)
                let recorded = RecordedTrials(crashed.records.values.sorted { $0.number < $1.number })
                var rebuilt = try run(spec, reuse, recorded: recorded)
                // The journal gives back the ended tasks by index, known ones too.
                for task in crashed.known.union(crashed.ended).sorted() { rebuilt.end(task) }
                #expect(Set(rebuilt.ready) == Set(crashed.ready), "after \(ended), \(share) known")
                rebuilt.shuffle(seed: 99)
                #expect(rebuilt.conclusion?.result == calm.conclusion?.result, "after \(ended), \(share) known")
                // What is on record already is not written again.
                #expect(crashed.records.merging(rebuilt.records) { $1 } == calm.records)
            }
        }
    }
}
