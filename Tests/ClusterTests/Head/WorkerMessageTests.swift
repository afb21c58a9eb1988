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
        let refused = await raw.next()?.acknowledgements
        #expect(refused?.attempts.count == 4 && refused?.fenced.map(\.attempt) == nonsense)
        #expect(refused?.fenced.map(\.code) == ["E_UNKNOWN_TRIAL", "E_UNKNOWN_TRIAL", "E_FENCED", "E_FENCED"])
        #expect(try head.head.tasks(of: JobID(job.id), after: -1, limit: 10).isEmpty)
        raw.send(.reports(.with { $0.reports = [report(first)] }), sequence: 2)
        let accepted = await raw.next()?.acknowledgements
        #expect(accepted?.attempts == [first] && accepted?.fenced.isEmpty == true)
        // The same again, and the opposite of it.
        raw.send(.reports(.with { $0.reports = [report(first), report(first, .failed)] }), sequence: 3)
        let repeated = await raw.next()?.acknowledgements
        #expect(repeated?.attempts.count == 2 && repeated?.fenced.map(\.code) == ["E_FENCED", "E_FENCED"])
        #expect(try head.head.tasks(of: JobID(job.id), after: -1, limit: 10).map(\.state) == ["succeeded"])
        // An outcome that nobody knows is a failure of the attempt, so the job does not hang.
        raw.send(.reports(.with { $0.reports = [report(second, .UNRECOGNIZED(42))] }), sequence: 4)
        #expect(await raw.next()?.acknowledgements.attempts == [second])
        let end = try await head.end(of: job)
        #expect(end.state == "failed" && end.result?.tasks == 2 && end.result?.failed == 1)
        #expect(head.head.snapshot().info.fencedReports == 6)
        // After the job's end everything is still acknowledged.
        raw.send(.reports(.with { $0.reports = [report(first), report(second)] }), sequence: 5)
        let late = await raw.next()?.acknowledgements
        #expect(late?.attempts.count == 2 && late?.fenced.map(\.code) == ["E_FENCED", "E_FENCED"])
        try await head.stop()
    }

    @Test func `reports that overtake one another count once each, after a new registration`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        let job = try await head.submit("overtaking", tasks: 3)
        raw.send(.register(RawWorker.register(milliCPU: 3_000)), sequence: 0)
        #expect(await raw.next()?.welcome.term == 1)
        var tasks: [ProtoAttemptName] = []
        while tasks.count < 3, let message = await raw.next() { tasks += message.assignments.tasks.map(\.attempt) }
        func reports(_ numbers: Int...) -> ProtoToHead.OneOf_Body {
            .reports(.with { $0.reports = numbers.map { report(tasks[$0]) } })
        }
        // The second message comes first: the head cannot know what the first one said.
        raw.send(reports(1), sequence: 2)
        #expect(await raw.refusal() == "E_NOT_REGISTERED")
        raw.send(reports(0), sequence: 1)
        #expect(await raw.next()?.acknowledgements.attempts == [tasks[0]])
        // A worker that registers again shows all that was not acknowledged, and the last one is still on it.
        var again = RawWorker.register(milliCPU: 3_000)
        again.finished = [report(tasks[0]), report(tasks[1])]
        again.holding = [tasks[2]]
        raw.send(.register(again), session: 2, sequence: 0)
        #expect(await raw.next()?.session == 2)
        let shown = await raw.next()?.acknowledgements
        #expect(shown?.attempts == [tasks[0], tasks[1]] && shown?.fenced.map(\.attempt) == [tasks[0]])
        // Stragglers of the old session are dropped, whatever they say.
        raw.send(reports(2), sequence: 3)
        raw.send(reports(2, 1), session: 2, sequence: 1)
        let last = await raw.next()?.acknowledgements
        #expect(last?.attempts == [tasks[2], tasks[1]] && last?.fenced.map(\.attempt) == [tasks[1]])
        let end = try await head.end(of: job)
        #expect(end.state == "succeeded" && end.result?.tasks == 3 && end.result?.failed == 0)
        #expect(try head.head.tasks(of: JobID(job.id), after: -1, limit: 10).count == 3)
        try await head.stop()
    }

    @Test func `a worker that registers again with results is assigned each task once`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        _ = try await head.submit("again", tasks: 50)
        raw.send(.register(RawWorker.register()), sequence: 0)
        #expect(await raw.next()?.welcome.term == 1)
        let first = try #require(await raw.next()?.assignments.tasks.first?.attempt)
        // Everything but the first was lost on its way. The result makes room, and so does the inventory.
        var again = RawWorker.register()
        again.finished = [report(first)]
        raw.send(.register(again), session: 2, sequence: 0)
        var indices: [Int32] = []
        while let message = await raw.next() {
            if message.session == 2 { indices += message.assignments.tasks.map(\.attempt.index) }
            if case .heartbeatReply = message.body { break }
            // Once something is assigned, all of that turn has come when the next one's answer is here.
            if case .assignments = message.body, message.session == 2 { raw.send(.heartbeat(.init()), session: 2, sequence: 1) }
        }
        #expect(!indices.isEmpty && Set(indices).count == indices.count, "\(indices)")
        try await head.stop()
    }

    @Test func `a registered worker's message of an unknown kind is refused with what this head speaks`() async throws {
        let cluster = try TestCluster()
        let head = try cluster.head()
        let raw = try RawWorker(cluster.network)
        raw.send(.register(RawWorker.register()), sequence: 0)
        #expect(await raw.next()?.welcome.term == 1)
        raw.send(nil, sequence: 1)
        let empty = await raw.next()?.refusal
        #expect(empty?.code == "E_PROTO_VERSION" && empty?.message.contains("protocols 1 to 1") == true)
        // A body with a number that only a later protocol could have.
        var header = ProtoToHead()
        (header.protocol, header.session, header.sequence) = (WireProtocol.version, 1, 2)
        let field: [UInt8] = [0xA2, 0x06, 0x00]
        raw.send([try header.serializedBytes() + field])
        #expect(await raw.refusal() == "E_PROTO_VERSION")
        // Neither broke the session.
        raw.send(.heartbeat(.init()), sequence: 3)
        #expect(await raw.next()?.body == .heartbeatReply(.init()))
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
