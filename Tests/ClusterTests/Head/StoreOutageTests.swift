import Diagnostics
import Scheduling
import Stores
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

/// What a head does while its store is away, and what has come of everything when it is back.
@Suite(.timeLimit(.minutes(1))) struct StoreOutageTests {
    private struct Rig {
        let cluster: TestCluster
        let journal: FlakyJournal
        let head: RunningHead
    }

    private func makeRig() throws -> Rig {
        let cluster = try TestCluster()
        let journal = FlakyJournal(InMemoryJournal(storage: cluster.storage))
        return Rig(cluster: cluster, journal: journal, head: try cluster.head(journal: journal))
    }

    @Test(arguments: [FlakyJournal.Store.away, .losesOneAnswer])
    func `running work goes on, results stay with their workers, and all of them land once`(
        store: FlakyJournal.Store
    )
        async throws
    {
        let rig = try makeRig()
        // The first two tasks wait for the test; those behind them are on the worker already.
        let runner = FakeRunner { index, _ in index < 2 ? .wait : .succeed }
        let worker = try rig.cluster.worker(runner)
        let job = try await rig.head.submit("outage", tasks: 40)
        await runner.begin(2)
        rig.journal.set(store)
        runner.open()
        await rig.journal.fail()
        // A store that stays away for several tries.
        for _ in 0..<3 { await rig.journal.fail() }
        #expect(!rig.head.head.snapshot().isStoreAvailable)
        // The head has not lost its worker: it answers heartbeats.
        while rig.head.head.snapshot().workers.isEmpty { await Task.yield() }
        rig.journal.set(.answers)
        let end = try await rig.head.end(of: job)
        #expect(end.state == "succeeded" && end.result?.tasks == 40 && end.result?.failed == 0)
        #expect(runner.executions == Dictionary(uniqueKeysWithValues: (0..<40).map { (Int32($0), 1) }))
        #expect(try rig.head.head.tasks(of: JobID(job.id), after: -1, limit: 100).map(\.index) == Array(0..<40))
        try await worker.stop()
        try await rig.head.stop()
    }

    @Test func `a submission is refused while the store is away, and one that met its end is the same job afterwards`()
        async throws
    {
        let rig = try makeRig()
        rig.journal.set(.losesOneAnswer)
        // The store takes the job, but its answer is lost.
        await #expect(throws: ClusterError.self) { try await rig.head.submit("first") }
        do {
            _ = try await rig.head.submit("second")
            Issue.record("accepted without a store")
        } catch let error as ClusterError {
            #expect(error.code == "E_STORE_UNAVAILABLE" && error.category == .unavailable)
        }
        do {
            _ = try await rig.head.head.control(JobID(1), .cancel)
            Issue.record("cancelled without a store")
        } catch let error as ClusterError {
            #expect(error.code == "E_STORE_UNAVAILABLE")
        }
        rig.journal.set(.answers)
        while !rig.head.head.snapshot().isStoreAvailable { await Task.yield() }
        let worker = try rig.cluster.worker(FakeRunner())
        let first = try await rig.head.submit("first")
        #expect(first.id == 1)
        #expect(try await rig.head.end(of: first).state == "succeeded")
        #expect(try await rig.head.submit("second").id == 2)
        try await worker.stop()
        try await rig.head.stop()
    }

    @Test func `a worker that registers meanwhile keeps its results, and they count later`() async throws {
        let rig = try makeRig()
        let worker = try RawWorker(rig.cluster.network)
        worker.send(.register(RawWorker.register()), sequence: 0)
        #expect(await worker.next()?.welcome.term == 1)
        let job = try await rig.head.submit("raw", tasks: 1)
        let name = try #require(await worker.next()?.assignments.tasks.first?.attempt)
        rig.journal.set(.away)
        let report = ProtoReport.with { ($0.attempt, $0.outcome) = (name, .succeeded) }
        worker.send(.reports(.with { $0.reports = [report] }), sequence: 1)
        await rig.journal.fail()
        // It lost its connection and tells everything again.
        var again = RawWorker.register()
        again.finished = [report]
        worker.send(.register(again), session: 2, sequence: 0)
        #expect(await worker.next()?.welcome.term == 1)
        rig.journal.set(.answers)
        // Once the store is back it is asked for what was not taken, and only then acknowledged.
        #expect(
            await worker.next { $0.refusal.code == "E_NOT_REGISTERED" || !$0.acknowledgements.attempts.isEmpty }?.session == 0)
        // Should that message be lost, the next sign of life is answered by it again.
        worker.send(.heartbeat(.init()), session: 2, sequence: 1)
        #expect(await worker.refusal() == "E_NOT_REGISTERED")
        worker.send(.register(again), session: 3, sequence: 0)
        #expect(await worker.next { !$0.acknowledgements.attempts.isEmpty }?.acknowledgements.attempts == [name])
        #expect(try await rig.head.end(of: job).result?.tasks == 1)
        try await rig.head.stop()
    }

    @Test func `a head that is told to stop does not wait for its store`() async throws {
        let rig = try makeRig()
        rig.journal.set(.away)
        await #expect(throws: ClusterError.self) { try await rig.head.submit("lost") }
        try await rig.head.stop()
        // Nothing was acknowledged, so nothing is missing.
        #expect(try rig.journal.jobs(limit: 10, before: nil).isEmpty)
    }
}
