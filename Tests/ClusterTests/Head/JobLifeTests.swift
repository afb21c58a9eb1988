import Diagnostics
import Scheduling
import Stores
import Testing
import Transport
import Wire

@testable import Cluster

@Suite(.timeLimit(.minutes(1))) struct JobLifeTests {
    @Test func `a drill runs to its end, each task once`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner()
        let workers = [try cluster.worker(runner), try cluster.worker(runner, name: "worker-bbbbbbbb")]
        let job = try await head.submit("one", tasks: 500)
        #expect(job.state == "running" && job.uid == "one")
        let end = try await head.end(of: job)
        #expect(end.state == "succeeded" && end.error == nil)
        #expect(end.result?.tasks == 500 && end.result?.failed == 0)
        #expect(runner.executions.count == 500 && runner.executions.values.allSatisfy { $0 == 1 })
        let tasks = try head.head.tasks(of: JobID(job.id), after: -1, limit: 1_000)
        #expect(tasks.map(\.index) == Array(0..<500) && tasks.allSatisfy { $0.state == "succeeded" })
        for worker in workers { try await worker.stop() }
        try await head.stop()
    }

    @Test func `one key is one job, and another spec under it a conflict that names both`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let first = try await head.submit("key", tasks: 5)
        async let again = head.submit("key", tasks: 5)
        async let oneMore = head.submit("key", tasks: 5)
        #expect(try await [again.id, oneMore.id] == [first.id, first.id])
        do {
            _ = try await head.submit("key", tasks: 6)
            Issue.record("the second spec was accepted")
        } catch let error as ClusterError {
            #expect(error.code == "E_UID_CONFLICT" && error.category == .input)
            #expect(error.message.contains(first.specHash))
            #expect(error.message.split(separator: " ").filter { $0.count >= 64 }.count == 2)
        }
        let worker = try cluster.worker(FakeRunner())
        #expect(try await head.end(of: first).result?.tasks == 5)
        // The key stays the job's after its end.
        let late = try await head.submit("key", tasks: 5)
        #expect(late.id == first.id && late.state == "succeeded")
        try await worker.stop()
        try await head.stop()
    }

    @Test func `a job whose tasks fit no worker is refused with the best candidate, one that fits any is taken`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        func ask(_ resources: String) -> String {
            RunningHead.drill(tasks: 1).replacing("{cpu: 1, memory: 1MiB}", with: resources)
        }
        // Nobody knows yet what there will be.
        _ = try await head.head.submit(SubmitRequest(uid: "early", spec: ask("{cpu: 64, memory: 1TiB}")))
        // Neither worker is the larger one.
        for (boot, milliCPU, memory) in [("many-cores", 8_000, 1 << 30), ("much-memory", 4_000, 64 << 30)] {
            let worker = try RawWorker(cluster.network)
            worker.send(
                .register(RawWorker.register(milliCPU: Int64(milliCPU), memory: Int64(memory), boot: boot)), sequence: 1)
            #expect(await worker.next()?.welcome.term == 1)
        }
        _ = try await head.head.submit(SubmitRequest(uid: "fits", spec: ask("{cpu: 2, memory: 32GiB}")))
        do {
            _ = try await head.head.submit(SubmitRequest(uid: "none", spec: ask("{cpu: 5.5, memory: 32GiB}")))
            Issue.record("accepted")
        } catch let error as ClusterError {
            #expect(error.code == "E_UNSATISFIABLE" && error.category == .input && error.place?.description == "/resources")
            #expect(error.message.contains("asks for 5.500 cores and 32 GiB"))
            #expect(error.message.contains("best candidate has 4 cores and 64 GiB"))
        }
        #expect(try head.head.view(of: JobID(3)) == nil)
        try await head.stop()
    }

    @Test(arguments: ["", "a b", "ä", "a/b", String(repeating: "a", count: 129)])
    func `a key that is none is refused`(uid: String) async throws {
        let head = try TestCluster().head()
        do {
            _ = try await head.submit(uid)
            Issue.record("accepted")
        } catch let error as ClusterError {
            #expect(error.code == "E_UID_FORM")
        }
        try await head.stop()
    }

    @Test func `a cancelled job stops what sleeps`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner { index, _ in index < 2 ? .sleep : .succeed }
        let worker = try cluster.worker(runner)
        let job = try await head.submit("sleepers", tasks: 2)
        await runner.begin(2)
        #expect(try await head.head.control(JobID(job.id), .cancel).state == "cancelled")
        #expect(try await head.end(of: job).state == "cancelled")
        // The worker has room again, so its threads were let go.
        let next = try await head.submit("next", tasks: 10, more: "priority: 5\n")
        await runner.begin(2)
        _ = try await head.head.control(JobID(next.id), .cancel)
        #expect(try await head.head.control(JobID(next.id), .cancel).state == "cancelled")
        do {
            _ = try await head.head.control(JobID(99), .cancel)
            Issue.record("cancelled what is not there")
        } catch let error as ClusterError {
            #expect(error.code == "E_JOB_UNKNOWN")
        }
        try await worker.stop()
        try await head.stop()
    }

    @Test func `a task that fails for now is tried again, one that fails for good is not`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let runner = FakeRunner { index, attempt in
            switch index {
            case 1: attempt <= 2 ? .fail(retryable: true) : .succeed
            case 2: .fail(retryable: false)
            default: .succeed
            }
        }
        let worker = try cluster.worker(runner)
        let end = try await head.end(of: head.submit("retry", tasks: 4))
        #expect(end.state == "failed" && end.error?.code == "E_FAKE")
        #expect(end.result?.tasks == 4 && end.result?.failed == 1)
        #expect(runner.executions == [0: 1, 1: 3, 2: 1, 3: 1])
        try await worker.stop()
        try await head.stop()
    }

    @Test func `a head that starts again runs nothing twice that had ended`() async throws {
        let cluster = try TestCluster()
        let first = try cluster.head()
        // Task 10 and the one beside it hold the drill up until the second head is there.
        let runner = FakeRunner { index, _ in index == 10 ? .wait : .succeed }
        let worker = try cluster.worker(runner)
        let job = try await first.submit("long", tasks: 40)
        await runner.begin(40)
        try await first.stop()
        let recorded = try InMemoryJournal(storage: cluster.storage).recover().openJobs
        #expect(recorded.count == 1 && !recorded[0].ended.contains { $0.indices.contains(10) })
        let second = try cluster.head()
        #expect(second.head.snapshot().info.term > 1)
        #expect(try await second.submit("long", tasks: 40).id == job.id)
        runner.open()
        let end = try await second.end(of: job)
        #expect(end.state == "succeeded" && end.result?.tasks == 40)
        for index in recorded[0].ended.flatMap(\.indices) { #expect(runner.executions[index] == 1) }
        // What was held or waiting to be acknowledged when the first head stopped was shown to the second, not run again.
        #expect(runner.executions == Dictionary(uniqueKeysWithValues: (0..<40).map { (Int32($0), 1) }))
        try await worker.stop()
        try await second.stop()
    }

    @Test func `a cut link is healed by registering again, and each result counts once`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head(leaseMilliseconds: 1_000)
        let runner = FakeRunner { index, _ in index == 5 ? .wait : .succeed }
        let worker = try cluster.worker(runner)
        let job = try await head.submit("cut", tasks: 30)
        await runner.begin(10)
        cluster.network.cut(worker.peer)
        runner.open()
        cluster.network.cut(worker.peer, false)
        let end = try await head.end(of: job)
        #expect(end.state == "succeeded" && end.result?.tasks == 30 && end.result?.failed == 0)
        #expect(try head.head.tasks(of: JobID(job.id), after: -1, limit: 100).count == 30)
        try await worker.stop()
        try await head.stop()
    }
}
