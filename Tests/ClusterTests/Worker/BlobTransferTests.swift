import Diagnostics
import Foundation
import MarketData
import Registry
import SwiftProtobuf
import Synchronization
import TestSupport
import Testing
import Transport
import Wire

@testable import Cluster

/// A worker's cache and the head's server, with a wire between them that can do harm.
@Suite struct BlobTransferTests {
    /// Three chunks, the last one short.
    private static let bytes = (0..<2 * WireProtocol.chunkSize + 1_000).map {
        UInt8(truncatingIfNeeded: ($0 &* 2_654_435_761) >> 13)
    }

    @Test("Bytes of several chunks arrive whole, and are fetched once")
    func fetches() throws {
        let line = try Line()
        let sha256 = try line.headArtifacts.put(Self.bytes)
        #expect(try line.cache.artifact(sha256) == Self.bytes)
        let messages = line.wire.sent
        #expect(messages == 3)
        #expect(try line.cache.artifact(sha256) == Self.bytes)
        #expect(line.wire.sent == messages)
    }

    @Test("A dataset arrives as the file that the head has")
    func fetchesDatasets() throws {
        let line = try Line()
        let dataset = try SyntheticMarket(seed: 3, symbols: ["AAA", "BBB"], bars: 3_000).generate()
        let entry = try line.headCatalogue.add(dataset, name: "market", importedAt: 1)
        let path = try line.cache.datasetPath(entry.sha256)
        #expect(
            try Data(contentsOf: URL(fileURLWithPath: path))
                == Data(contentsOf: URL(fileURLWithPath: line.headCatalogue.path(of: entry.sha256))))
    }

    @Test("A changed byte on the way is an integrity error, leaves nothing behind, and the next fetch is whole")
    func refusesDamage() throws {
        let line = try Line()
        let sha256 = try line.headArtifacts.put(Self.bytes)
        line.wire.damage = { bytes in if (1...1_000).contains(bytes.count) { bytes[bytes.count / 2] ^= 1 } }
        let error = #expect(throws: (any Error).self) { try line.cache.artifact(sha256) }
        #expect((error as? any DiagnosticError)?.category == .integrity)
        line.wire.damage = { _ in }
        #expect(try line.cache.artifact(sha256) == Self.bytes)
    }

    @Test("What the head does not have is named")
    func namesTheMissing() throws {
        let line = try Line()
        let sha256 = String(repeating: "0", count: 64)
        let error = #expect(throws: WorkerError.self) { try line.cache.artifact(sha256) }
        #expect(error?.code == "E_BLOB_MISSING")
        #expect(throws: WorkerError.self) { try line.cache.datasetPath(sha256) }
    }

    @Test("An artifact goes to the head in pieces and is stored there under its hash")
    func uploads() throws {
        let line = try Line()
        let sha256 = try line.cache.putArtifact(Self.bytes)
        #expect(try line.headArtifacts.read(sha256) == Self.bytes)
    }

    @Test("An artifact whose bytes change on the way is refused and not stored")
    func refusesDamagedUploads() throws {
        let line = try Line()
        line.wire.damage = { bytes in if (1...1_000).contains(bytes.count) { bytes[bytes.count / 2] ^= 1 } }
        let error = #expect(throws: WorkerError.self) { try line.cache.putArtifact(Self.bytes) }
        #expect(error?.category == .integrity || error?.code.hasPrefix("E_") == true)
        #expect(try line.headArtifacts.exists(ContentHash.sha256(Self.bytes)) == false)
    }

    @Test("Pieces that are repeated change nothing; pieces that leave a hole, overlap the end or name no hash are refused")
    func refusesOddPieces() throws {
        let line = try Line()
        let sha256 = ContentHash.sha256(Self.bytes)
        let size = WireProtocol.chunkSize
        func put(_ range: Range<Int>, total: Int? = nil, name: String? = nil) throws -> ProtoPutReply {
            let request = ProtoPutChunk.with {
                $0.blob = .with { ($0.kind, $0.sha256) = (.artifact, name ?? sha256) }
                $0.offset = Int64(range.lowerBound)
                $0.total = Int64(total ?? Self.bytes.count)
            }
            return try line.ask(.put(request), Array(Self.bytes[range]))
        }
        #expect(try put(0..<size).errorCode.isEmpty)
        #expect(try put(0..<size).errorCode.isEmpty)
        #expect(try put(size..<2 * size).errorCode.isEmpty)
        #expect(try put(size..<2 * size).errorCode.isEmpty)
        #expect(try put(2 * size..<Self.bytes.count).errorCode.isEmpty)
        #expect(try line.headArtifacts.read(sha256) == Self.bytes)

        let other = String(repeating: "1", count: 64)
        #expect(try !put(size..<2 * size, name: other).errorCode.isEmpty)
        #expect(try !put(0..<size, total: 10, name: other).errorCode.isEmpty)
        #expect(try !put(0..<size, total: BlobServer.artifactLimit + 1, name: other).errorCode.isEmpty)
        #expect(try !put(0..<size, name: "../../etc/passwd").errorCode.isEmpty)
    }
}

/// Both ends of a bulk transfer.
private final class Line: Sendable {
    let wire = Wiretap()
    let headArtifacts: FileArtifactStore
    let headCatalogue: Catalogue
    let cache: BlobCache
    private let server: BlobServer
    private let home: TemporaryHome
    private let answers = Mutex<[ProtoPutReply]>([])

    init() throws {
        home = try TemporaryHome()
        headArtifacts = try FileArtifactStore(root: home.path + "/head")
        headCatalogue = Catalogue(root: home.path + "/head")
        let wire = wire
        let server = BlobServer(catalogue: headCatalogue, artifacts: headArtifacts, transport: wire)
        self.server = server
        cache = try BlobCache(folder: home.path + "/worker") { body, bulk in wire.toHead(body, bulk, server) }
        wire.deliver = { [cache] message in
            if let body = message.header.body { cache.accept(body, bulk: message.bulk) }
        }
    }

    /// One request, past the cache.
    func ask(_ body: ProtoToHead.OneOf_Body, _ bulk: [UInt8]) throws -> ProtoPutReply {
        let arrived = DispatchSemaphore(value: 0)
        let before = wire.deliver
        defer { wire.deliver = before }
        wire.deliver = { [self] message in
            if case .putReply(let reply)? = message.header.body { answers.withLock { $0.append(reply) } }
            arrived.signal()
        }
        wire.toHead(body, bulk, server)
        try #require(arrived.wait(timeout: .now() + 10) == .success)
        return try #require(answers.withLock { $0.popLast() })
    }
}

/// The head's transport as the server sees it: what it sends is decoded as a worker would, after the damage.
private final class Wiretap: MessageTransport {
    private struct State {
        var damage: @Sendable (inout [UInt8]) -> Void = { _ in }
        var deliver: @Sendable (Framed<ProtoToWorker>) -> Void = { _ in }
        var sent = 0
    }

    private let state = Mutex(State())
    let endpoint = "wiretap"

    var damage: @Sendable (inout [UInt8]) -> Void {
        get { state.withLock { $0.damage } }
        set { state.withLock { $0.damage = newValue } }
    }
    var deliver: @Sendable (Framed<ProtoToWorker>) -> Void {
        get { state.withLock { $0.deliver } }
        set { state.withLock { $0.deliver = newValue } }
    }
    /// Requests sent to the head.
    var sent: Int { state.withLock { $0.sent } }

    func toHead(_ body: ProtoToHead.OneOf_Body, _ bulk: [UInt8], _ server: BlobServer) {
        var bulk = bulk
        damage(&bulk)
        state.withLock { $0.sent += 1 }
        var header = ProtoToHead()
        header.protocol = WireProtocol.version
        header.body = body
        if let message = try? Framed<ProtoToHead>.toHead(Framed(header: header, bulk: bulk).frames) {
            _ = server.accept(message, from: PeerID(bytes: [1]))
        }
    }

    func send(_ messages: [OutgoingMessage]) {
        let (damage, deliver) = state.withLock { ($0.damage, $0.deliver) }
        for message in messages {
            var frames = message.frames
            if frames.count > 1 { damage(&frames[1]) }
            if let message = try? Framed<ProtoToWorker>.toWorker(frames) { deliver(message) }
        }
    }

    func start(tickMilliseconds: Int, handler: @escaping @Sendable ([TransportEvent]) -> Void) throws(TransportError) {}
    func wake() {}
    func close() {}
}
