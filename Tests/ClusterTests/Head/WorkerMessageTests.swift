import Scheduling
import SwiftProtobuf
import Testing
import Wire

@testable import Cluster

/// What a head makes of messages that no worker of this program would send.
@Suite(.timeLimit(.minutes(1))) struct WorkerMessageTests {
    private func report(_ name: ProtoAttemptName, _ outcome: ProtoOutcome = .succeeded) -> ProtoReport {
        .with { ($0.attempt, $0.outcome) = (name, outcome) }
    }

    @Test func `a message before the registration asks for one`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        let bodies: [ProtoToHead.OneOf_Body?] = [
            .heartbeat(.init()), .reports(.init()), .drain(.init()), .goodbye(.init()), nil,
        ]
        for (number, body) in bodies.enumerated() {
            raw.send(body, sequence: Int64(number))
            #expect(await raw.refusal() == "E_NOT_REGISTERED")
        }
        try await head.stop()
    }

    @Test func `frames that are no message are refused with their code`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        raw.send([])
        #expect(await raw.refusal() == "E_FRAME_PARTS")
        raw.send([[1], [2], [3]])
        #expect(await raw.refusal() == "E_FRAME_PARTS")
        raw.send([[0xFF, 0xFF, 0xFF]])
        #expect(await raw.refusal() == "E_DECODE")
        var header = ProtoToHead()
        header.protocol = WireProtocol.version + 1
        raw.send(Framed(header: header).frames)
        #expect(await raw.refusal() == "E_PROTO_VERSION")
        try await head.stop()
    }

    @Test(
        arguments: [
            (1_000_000_000_000, 1 << 30), (-1, 1 << 30), (0, 1 << 30), (1_000, 0), (1_000, -5), (1_000, Int64.max),
            (Int64.min, Int64.min),
        ] as [(Int64, Int64)])
    func `an impossible capacity is refused`(milliCPU: Int64, memory: Int64) async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        raw.send(.register(RawWorker.register(milliCPU: milliCPU, memory: memory)), sequence: 0)
        #expect(await raw.refusal() == "E_CAPACITY")
        #expect(head.head.snapshot().workers.isEmpty)
        try await head.stop()
    }

    @Test func `an identity that is none, and a worker of a later term, are refused`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        for boot in ["", "short", "with space", String(repeating: "a", count: 65)] {
            raw.send(.register(RawWorker.register(boot: boot)), sequence: 0)
            #expect(await raw.refusal() == "E_IDENTITY")
        }
        var register = RawWorker.register()
        register.highestTerm = 7
        raw.send(.register(register), sequence: 0)
        #expect(await raw.refusal() == "E_TERM_STALE")
        try await head.stop()
    }

    @Test func `a missing message asks for a new registration, a repeated one is dropped`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        raw.send(.register(RawWorker.register()), sequence: 0)
        #expect(await raw.next()?.welcome.term == 1)
        raw.send(.heartbeat(.init()), sequence: 1)
        #expect(await raw.next()?.body == .heartbeatReply(.init()))
        raw.send(.heartbeat(.init()), sequence: 1)
        raw.send(.heartbeat(.init()), sequence: 3)
        #expect(await raw.refusal() == "E_NOT_REGISTERED")
        raw.send(.register(RawWorker.register()), session: 2, sequence: 0)
        let welcome = await raw.next()
        #expect(welcome?.welcome.term == 1 && welcome?.session == 2 && welcome?.sequence == 0)
        try await head.stop()
    }

    @Test func `results for unknown tasks, old attempts and twice are acknowledged and change nothing`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        let job = try await head.submit("raw", tasks: 2)
        raw.send(.register(RawWorker.register(milliCPU: 2_000)), sequence: 0)
        #expect(await raw.next()?.welcome.term == 1)
        var tasks: [ProtoAssignment] = []
        while tasks.count < 2, let message = await raw.next() { tasks += message.assignments.tasks }
        let (first, second) = (tasks[0].attempt, tasks[1].attempt)
        var unknown = first
        unknown.job = 999
        var outside = first
        outside.index = 77
        var old = first
        old.number = -5
        var later = first
        later.term = .max
        // Nonsense first, with numbers from the future; none of it ends the task.
        let nonsense = [unknown, outside, old, later]
        raw.send(.reports(.with { $0.reports = nonsense.map { report($0, .failed) } }), sequence: 1)
        #expect(await raw.next()?.acknowledgements.attempts.count == 4)
        #expect(try head.head.tasks(of: JobID(job.id), after: -1, limit: 10).isEmpty)
        raw.send(.reports(.with { $0.reports = [report(first)] }), sequence: 2)
        #expect(await raw.next()?.acknowledgements.attempts == [first])
        // The same again, and the opposite of it.
        raw.send(.reports(.with { $0.reports = [report(first), report(first, .failed)] }), sequence: 3)
        #expect(await raw.next()?.acknowledgements.attempts.count == 2)
        #expect(try head.head.tasks(of: JobID(job.id), after: -1, limit: 10).map(\.state) == ["succeeded"])
        // An outcome that nobody knows is a failure of the attempt, so the job does not hang.
        raw.send(.reports(.with { $0.reports = [report(second, .UNRECOGNIZED(42))] }), sequence: 4)
        #expect(await raw.next()?.acknowledgements.attempts == [second])
        let end = try await head.end(of: job)
        #expect(end.state == "failed" && end.result?.tasks == 2 && end.result?.failed == 1)
        // After the job's end everything is still acknowledged.
        raw.send(.reports(.with { $0.reports = [report(first), report(second)] }), sequence: 5)
        #expect(await raw.next()?.acknowledgements.attempts.count == 2)
        try await head.stop()
    }

    @Test func `a heartbeat with absurd numbers is answered like any other`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        raw.send(.register(RawWorker.register()), sequence: 0)
        #expect(await raw.next()?.welcome.term == 1)
        let beat = ProtoHeartbeat.with {
            ($0.running, $0.waiting, $0.finished, $0.busyMicroseconds) = (.max, .max, .max, .max)
        }
        raw.send(.heartbeat(beat), sequence: 1)
        #expect(await raw.next()?.body == .heartbeatReply(.init()))
        try await head.stop()
    }
}
