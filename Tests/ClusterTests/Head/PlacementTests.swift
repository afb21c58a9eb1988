import Cluster
import Diagnostics
import Scheduling
import SwiftProtobuf
import Testing
import Wire

/// What workers offer besides cores and memory, from their registration to what they are given.
@Suite struct PlacementTests {
    private func drill(_ keys: String) -> String {
        RunningHead.drill(tasks: 1).replacing("resources: {cpu: 1, memory: 1MiB}", with: keys)
    }

    @Test func `a worker is told which choice an attempt takes, and shown with all that it has`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let worker = try RawWorker(cluster.network)
        var register = RawWorker.register(milliCPU: 2_000)
        register.milliGpu = 1_000
        register.others = [.with { ($0.name, $0.milli) = ("licence", 1_500) }]
        register.labels = [.with { ($0.key, $0.value) = ("zone", "a") }]
        worker.send(.register(register), sequence: 0)
        #expect(await worker.next()?.welcome.term == 1)
        let asks = "resources: [{cpu: 4, memory: 1MiB}, {cpu: 1, memory: 1MiB, gpu: 0.5, named: {licence: 1}}]\nwhere: {zone: a}"
        let job = try await head.head.submit(SubmitRequest(uid: "choice", spec: drill(asks))).view
        let assignments = await worker.next { if case .assignments = $0.body { true } else { false } }?.assignments
        #expect(assignments?.tasks.map(\.choice) == [1])
        #expect(assignments?.bodies.first?.choices.map(\.milliGPU) == [0, 500])
        // It registers again with it: the head knows what it takes there.
        register.holding = assignments?.tasks.map(\.attempt) ?? []
        register.choices = register.holding.map { name in .with { ($0.attempt, $0.choice) = (name, 1) } }
        worker.send(.register(register), session: 2, sequence: 0)
        #expect(await worker.next { if case .welcome = $0.body { true } else { false } } != nil)
        let more = "resources: {cpu: 1, memory: 1MiB, gpu: 0.6}"
        let second = try await head.head.submit(SubmitRequest(uid: "second", spec: drill(more))).view
        let why = try await head.head.explain(JobID(second.id))
        #expect(why.reasons.first?.reason == "noRoom")
        #expect(why.reasons.first?.message.contains("1 core, 1 MiB and 0.600 GPUs") == true)
        #expect(why.reasons.first?.message.contains("worker 1 with") == true)
        #expect(why.reasons.first?.message.hasSuffix("which lacks gpu") == true)
        worker.send(
            .reports(
                .with { $0.reports = register.holding.map { name in .with { ($0.attempt, $0.outcome) = (name, .succeeded) } } }),
            session: 2, sequence: 1)
        #expect(try await head.end(of: job).state == "succeeded")
        try await head.stop()
    }

    @Test(arguments: [
        ("resources: {cpu: 1, memory: 1MiB, gpu: 2}", "/resources", "lacks gpu"),
        ("resources: {cpu: 1, memory: 1MiB, named: {tape: 1}}", "/resources", "lacks tape"),
        ("where: {zone: [b, c]}", "/where", "zone=b|c"),
    ])
    func `what no worker has is refused by name`(keys: String, key: String, words: String) async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let worker = try RawWorker(cluster.network)
        worker.send(.register(RawWorker.register(milliCPU: 2_000)), sequence: 0)
        #expect(await worker.next()?.welcome.term == 1)
        let error = await #expect(throws: ClusterError.self) {
            try await head.head.submit(SubmitRequest(uid: "none", spec: drill(keys)))
        }
        #expect(error?.code == "E_UNSATISFIABLE" && error?.place?.description == key && error?.message.contains(words) == true)
        try await head.stop()
    }

    @Test(
        arguments: [
            { (register: inout ProtoRegister) in register.milliGpu = 500 }, { $0.milliGpu = -1_000 }, { $0.milliGpu = 17_000 },
            { $0.others = [.with { ($0.name, $0.milli) = ("cpu", 1) }] },
            { $0.others = [.with { ($0.name, $0.milli) = ("a", -1) }] },
            { register in register.others = "abcde".map { name in .with { ($0.name, $0.milli) = (String(name), 1) } } },
        ] as [@Sendable (inout ProtoRegister) -> Void])
    func `an impossible offer is refused`(change: @Sendable (inout ProtoRegister) -> Void) async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let worker = try RawWorker(cluster.network)
        var register = RawWorker.register()
        change(&register)
        worker.send(.register(register), sequence: 0)
        #expect(await worker.refusal() == "E_CAPACITY")
        try await head.stop()
    }

    @Test func `a label that is no word is refused`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let worker = try RawWorker(cluster.network)
        var register = RawWorker.register()
        register.labels = [.with { ($0.key, $0.value) = ("zone", "\u{1b}[2J") }]
        worker.send(.register(register), sequence: 0)
        #expect(await worker.refusal() == "E_WORKER_LABELS")
        try await head.stop()
    }
}
