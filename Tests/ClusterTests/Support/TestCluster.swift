import Foundation
import Logging
import MarketData
import Registry
import Scheduling
import Stores
import TestSupport
import Transport
import Wire

@testable import Cluster

/// What outlives a head: its stores and the network.
final class TestCluster: Sendable {
    let home: TemporaryHome
    let storage = InMemoryStorage()
    let network = InMemoryNetwork()
    let artifacts: FileArtifactStore
    static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        home = try TemporaryHome()
        artifacts = try FileArtifactStore(root: home.path + "/head")
    }

    /// The lease is long, so that a machine with other things to do loses no worker, unless a test waits for its end.
    func head(journal: (any Journal & JobQueries)? = nil, leaseMilliseconds: Int64 = 30_000) throws -> RunningHead {
        let stores = Head.Stores(
            journal: journal ?? InMemoryJournal(storage: storage), models: InMemoryModelStore(storage: storage),
            artifacts: artifacts, catalogue: Catalogue(root: home.path + "/head"),
            attempts: AttemptStore(root: home.path + "/head"))
        let configuration = HeadConfiguration(
            heartbeatMilliseconds: 50, leaseMilliseconds: leaseMilliseconds, recoveryGraceMilliseconds: 300,
            codeVersion: "test")
        let transport = network.head()
        let head = try Head(configuration: configuration, stores: stores, transport: transport, logger: Self.logger)
        try head.open()
        return RunningHead(head: head, task: Task { try await head.run() })
    }

    func worker(_ runner: FakeRunner, name: String = "worker-aaaaaaaa", cores: Int64 = 2) throws -> RunningWorker {
        let transport = network.worker()
        let worker = try Worker(
            configuration: WorkerConfiguration(
                bootID: name, host: "test", processID: 1, capacity: Resources(milliCPU: cores * 1_000, memory: 64 << 30),
                cacheFolder: home.path + "/" + name, spoolFolder: home.path + "/spool", codeVersion: "test"),
            transport: transport, runner: runner,
            logger: Self.logger)
        return RunningWorker(worker: worker, peer: transport.peer, task: Task { try await worker.run() })
    }
}

struct RunningHead: Sendable {
    let head: Head
    let task: Task<Void, any Error>

    /// Ends the loop and then the connection, as a program that is told to end does.
    func stop() async throws {
        head.stop()
        try await task.value
        head.close()
    }

    func submit(_ uid: String, tasks: Int = 20, more: String = "") async throws -> JobView {
        try await head.submit(SubmitRequest(uid: uid, spec: Self.drill(tasks: tasks, more: more))).view
    }

    static func drill(tasks: Int, more: String = "") -> String {
        "job: drill\nname: d\ntasks: \(tasks)\nresources: {cpu: 1, memory: 1MiB}\nretry: {maximum: 3, backoff: 10ms, limit: 10ms}\n"
            + more
    }

    /// The job's last view, once it has ended.
    func end(of job: JobView) async throws -> JobView {
        var last = job
        for await view in head.follow(JobID(job.id)) { last = view }
        return last
    }
}

struct RunningWorker: Sendable {
    let worker: Worker
    let peer: PeerID
    let task: Task<Void, any Error>

    func stop() async throws {
        worker.stop()
        try await task.value
    }
}

/// A worker's end of the network in the hands of a test: it says what no worker would.
final class RawWorker: Sendable {
    let transport: InMemoryTransport
    private let inbox: AsyncStream<ProtoToWorker>

    init(_ network: InMemoryNetwork) throws {
        let transport = network.worker()
        let (inbox, message) = AsyncStream.makeStream(of: ProtoToWorker.self)
        self.transport = transport
        self.inbox = inbox
        try transport.start(tickMilliseconds: 600_000) { events in
            for case .received(_, let frames) in events {
                if let framed = try? Framed<ProtoToWorker>.toWorker(frames) { message.yield(framed.header) }
            }
        }
    }

    func send(_ body: ProtoToHead.OneOf_Body?, session: Int64 = 1, sequence: Int64) {
        var header = ProtoToHead()
        (header.protocol, header.session, header.sequence, header.body) = (WireProtocol.version, session, sequence, body)
        send(Framed(header: header).frames)
    }

    func send(_ frames: [[UInt8]]) { transport.send([OutgoingMessage(to: .head, frames: frames)]) }

    /// What the head says next.
    func next() async -> ProtoToWorker? {
        for await message in inbox { return message }
        return nil
    }

    /// The next thing the head says that `isWanted`.
    func next(where isWanted: (ProtoToWorker) -> Bool) async -> ProtoToWorker? {
        for await message in inbox where isWanted(message) { return message }
        return nil
    }

    /// What the head says next other than answers to heartbeats.
    func refusal() async -> String? { await next()?.refusal.code }

    static func register(milliCPU: Int64 = 1_000, memory: Int64 = 1 << 30, boot: String = "raw-worker-1") -> ProtoRegister {
        var register = ProtoRegister()
        (register.bootID, register.milliCpu, register.memoryBytes) = (boot, milliCPU, memory)
        return register
    }
}
