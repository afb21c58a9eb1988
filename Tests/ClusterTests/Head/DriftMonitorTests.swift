import MarketData
import Registry
import Scheduling
import Specs
import Stores
import Synchronization
import TestSupport
import Testing

@testable import Cluster

/// What reports of drift call for, decided against in-memory stores and a clock in the test's hand.
@Suite struct DriftMonitorTests {
    private let fixture: Fixture

    init() throws { fixture = try Fixture() }

    @Test
    func `a report of drift on the champion calls for its retrain job, one without drift or of another version for nothing`()
        throws
    {
        let monitor = fixture.monitor()
        try fixture.report(drifted: false)
        try fixture.report(version: 2)
        #expect(try monitor.calls(at: .start).isEmpty)
        let report = try fixture.report()
        let call = try #require(try monitor.calls(at: .start).first)
        #expect(call.request.uid == "drift-m-\(report)" && call.request.spec == Fixture.retrain)
        // It is answered once.
        #expect(try monitor.calls(at: .start).isEmpty)
    }

    @Test func `within the cool-down nothing more is called for, after it the next report is`() throws {
        let monitor = fixture.monitor()
        try fixture.report()
        #expect(try monitor.calls(at: .start).count == 1)
        try fixture.report()
        #expect(try monitor.calls(at: .start.advanced(byMilliseconds: 3_599_999)).isEmpty)
        try fixture.report()
        try fixture.report()
        #expect(try monitor.calls(at: .start.advanced(byMilliseconds: 3_600_000)).count == 1)
    }

    @Test func `a retrain of the model that runs, whoever asked for it, is waited for`() throws {
        let job = try fixture.record(uid: "by-hand", submittedAt: 0)
        let other = try fixture.record(uid: "other", submittedAt: 0, model: "n")
        let monitor = fixture.monitor(open: [job, other])
        try fixture.report()
        #expect(try monitor.calls(at: .start).isEmpty)
        try fixture.report()
        fixture.open.withLock { $0 = [other] }
        #expect(try monitor.calls(at: .start).count == 1)
    }

    @Test func `a head that starts knows the cool-down and the answered reports of the one before it`() throws {
        let now = WallClock.milliseconds
        let answered = try fixture.report()
        _ = try fixture.record(uid: "drift-m-\(answered)", submittedAt: now - 600_000)
        try fixture.report()
        #expect(try fixture.monitor().calls(at: .start).isEmpty)

        let older = try Fixture()
        _ = try older.record(uid: "drift-m-\(try older.report())", submittedAt: now - 7_200_000)
        // What has been answered stays so.
        #expect(try older.monitor().calls(at: .start).isEmpty)
        let next = try older.report()
        #expect(try older.monitor().calls(at: .start).map(\.request.uid) == ["drift-m-\(next)"])
    }

    /// A registry with one champion that has a retrain job.
    private final class Fixture: Sendable {
        static let retrain = spec(model: "m")
        let storage = InMemoryStorage()
        let models: InMemoryModelStore
        let journal: InMemoryJournal
        let open = Mutex<[JobView]>([])
        private let stores: Head.Stores
        private let home: TemporaryHome

        init() throws {
            home = try TemporaryHome()
            models = InMemoryModelStore(storage: storage)
            journal = InMemoryJournal(storage: storage)
            stores = Head.Stores(
                journal: journal, models: models, artifacts: try FileArtifactStore(root: home.path),
                catalogue: .init(root: home.path),
                attempts: AttemptStore(root: home.path))
            _ = try journal.raiseTerm()
            for job in [1, 2] {
                let lineage = Lineage(
                    datasetHash: "d", specHash: "s", codeVersion: "t", seed: 1, trialCount: 1, parent: nil, job: Int64(job),
                    strategy: "{}")
                _ = try models.register(model: "m", artifact: "a", lineage: lineage, metrics: [:], at: 0)
            }
            _ = try models.promote(
                model: "m", version: 1, alias: "champion", by: "t", reason: "", gate: "", gateValues: [:], at: 0, verify: { _ in }
            )
            try models.setRetrainSpec(Self.retrain, of: "m")
        }

        static func spec(model: String) -> String {
            "job: retrain\nname: again\nmodel: \(model)\ndataset: d\nholdout: 10\ncooldown: 1h\n"
        }

        func monitor(open jobs: [JobView] = []) -> DriftMonitor {
            open.withLock { $0 = jobs }
            return DriftMonitor(stores: stores, logger: TestCluster.logger) { [self] in open.withLock { $0 } }
        }

        /// Adds a report and returns its number.
        @discardableResult
        func report(version: Int64 = 1, drifted: Bool = true) throws -> Int64 {
            try models.add(
                DriftReport(
                    model: "m", version: version, node: "n", rows: 500, drifted: drifted, worstFeature: "f", distances: ["f": 1],
                    at: 0))
            return try #require(try models.reports(of: "m", limit: 1).first).id
        }

        func record(uid: String, submittedAt: Int64, model: String = "m") throws -> JobView {
            let number = try journal.recover().nextJob
            let record = JobRecord(
                id: number, uid: uid, name: "again", kind: "retrain", spec: Self.spec(model: model), specHash: "h", priority: 0,
                submittedAt: submittedAt)
            try journal.commit([.jobSubmitted(record)], term: 1)
            return JobView(JobSummary(record: record, end: nil))
        }
    }
}

extension Instant {
    fileprivate static let start = Instant(nanoseconds: 1_000_000_000_000_000)
}
