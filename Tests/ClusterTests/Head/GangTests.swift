import Cluster
import Diagnostics
import Scheduling
import SwiftProtobuf
import Testing
import Wire

@Suite struct GangTests {
    private static let spec = """
        job: command
        name: gang
        command: [./x]
        gang: 3
        resources: {cpu: 1, memory: 1MiB}
        retry: {maximum: 0}
        """

    @Test func `the members are told where all of them are, and fail together`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        var workers: [RawWorker] = []
        for (boot, address, cores) in [("gang-worker-1", "10.0.0.1", 2), ("gang-worker-2", "", 1)] {
            let worker = try RawWorker(cluster.network)
            var register = RawWorker.register(milliCPU: Int64(cores) * 1_000, boot: boot)
            register.address = address
            worker.send(.register(register), sequence: 0)
            #expect(await worker.next()?.welcome.term == 1)
            workers.append(worker)
        }
        let job = try await head.head.submit(SubmitRequest(uid: "gang", spec: Self.spec)).view
        var tasks: [ProtoAssignment] = []
        for worker in workers {
            let message = await worker.next { if case .assignments = $0.body { true } else { false } }
            tasks += message?.assignments.tasks ?? []
        }
        #expect(tasks.map(\.payload.command.rank).sorted() == [0, 1, 2])
        let addresses = tasks.first?.payload.command.gang ?? []
        #expect(addresses.count == 3 && Set(addresses).count == 3 && tasks.allSatisfy { $0.payload.command.gang == addresses })
        #expect(
            addresses.filter { $0.hasPrefix("10.0.0.1:2") }.count == 2
                && addresses.filter { $0.hasPrefix("127.0.0.1:2") }.count == 1)
        var failed = ProtoReport()
        (failed.attempt, failed.outcome, failed.errorCode) = (tasks[0].attempt, .failed, "E_PROGRAM")
        workers[0].send(.reports(.with { $0.reports = [failed] }), sequence: 1)
        #expect(try await head.end(of: job).state == "failed")
        let ends = try head.head.tasks(of: JobID(job.id), after: -1, limit: 10)
        #expect(ends.map(\.error?.code).sorted { ($0 ?? "") < ($1 ?? "") } == ["E_GANG", "E_GANG", "E_PROGRAM"])
        #expect(await workers[1].next { if case .stop = $0.body { true } else { false } }?.stop.reason == "cancelled")
        try await head.stop()
    }

    @Test func `a gang that the workers are too small for is refused`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let worker = try RawWorker(cluster.network)
        worker.send(.register(RawWorker.register(milliCPU: 2_000)), sequence: 0)
        #expect(await worker.next()?.welcome.term == 1)
        let error = await #expect(throws: ClusterError.self) {
            try await head.head.submit(SubmitRequest(uid: "gang", spec: Self.spec))
        }
        #expect(error?.code == "E_UNSATISFIABLE" && error?.place?.description == "/gang")
        try await head.stop()
    }

    @Test func `an address that is none is refused`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let worker = try RawWorker(cluster.network)
        var register = RawWorker.register()
        register.address = "a,b:1"
        worker.send(.register(register), sequence: 0)
        #expect(await worker.refusal() == "E_WORKER_ADDRESS")
        try await head.stop()
    }
}
