import Diagnostics
import Foundation
import Glibc
import MarketData
import Registry
import SwiftProtobuf
import Synchronization
import Wire

/// Datasets and artifacts on the worker's disk, fetched from the head by hash, a chunk at a time.
///
/// Calls come from task threads and block; chunks come in from the transport's thread. One blob is fetched once however
/// many tasks ask for it, and a file appears under its name only when it is whole.
final class BlobCache: BlobSource {
    private static let chunkPatience = 10.0
    private static let attemptsPerChunk = 6

    private struct Reply: Sendable {
        var header: ProtoToWorker.OneOf_Body
        var bulk: [UInt8]
    }

    private struct State {
        var waiting: [String: Waiter] = [:]
    }

    /// One thread waiting for the answer to one request.
    private final class Waiter: Sendable {
        let arrived = DispatchSemaphore(value: 0)
        let reply = Mutex<Reply?>(nil)
    }

    private let catalogue: Catalogue
    private let artifacts: FileArtifactStore
    private let state = Mutex(State())
    private let fetching = Mutex<Void>(())
    private let send: @Sendable (ProtoToHead.OneOf_Body, [UInt8]) -> Void

    /// Keeps files under `folder`; `send` hands a request to the transport.
    init(folder: String, send: @escaping @Sendable (ProtoToHead.OneOf_Body, [UInt8]) -> Void) throws {
        catalogue = Catalogue(root: folder)
        artifacts = try FileArtifactStore(root: folder)
        self.send = send
    }

    /// The datasets that are here whole, at most 64 of them.
    var datasets: [String] { Array(catalogue.contents.prefix(64)) }

    func datasetPath(_ sha256: String) throws -> String {
        try fetching.withLock { _ in
            if !catalogue.contains(sha256: sha256) {
                let bytes = try fetch(.with { ($0.kind, $0.sha256) = (.dataset, sha256) })
                CrashPoint.workerDatasetFetched.reached()
                try catalogue.insertFile(bytes, sha256: sha256)
                CrashPoint.workerDatasetKept.reached()
            }
            return try catalogue.path(of: sha256)
        }
    }

    func artifact(_ sha256: String) throws -> [UInt8] {
        try fetching.withLock { _ in
            if try artifacts.exists(sha256) { return try artifacts.read(sha256) }
            let upload = try artifacts.receive(expecting: sha256, limit: 1 << 30)
            try upload.append(fetch(.with { ($0.kind, $0.sha256) = (.artifact, sha256) }))
            _ = try upload.finish()
            return try artifacts.read(sha256)
        }
    }

    func putArtifact(_ bytes: [UInt8]) throws -> String {
        let sha256 = try artifacts.put(bytes)
        let name = ProtoBlobName.with { ($0.kind, $0.sha256) = (.artifact, sha256) }
        var offset = 0
        repeat {
            let end = min(bytes.count, offset + WireProtocol.chunkSize)
            let piece = Array(bytes[offset..<end])
            let packed = LZ4Block.pack(piece)
            let request = ProtoPutChunk.with {
                $0.blob = name
                $0.offset = Int64(offset)
                $0.total = Int64(bytes.count)
                $0.unpacked = packed == nil ? 0 : UInt32(piece.count)
            }
            let reply = try ask(.put(request), bulk: packed ?? piece, key: "put \(sha256) \(end)", blob: sha256)
            guard case .putReply(let answer) = reply.header else { throw WorkerError.blobFormat(sha256, "was not answered") }
            guard answer.errorCode.isEmpty else { throw WorkerError.putRefused(answer.errorCode, answer.errorMessage) }
            offset = end
        } while offset < bytes.count
        CrashPoint.workerArtifactPut.reached()
        return sha256
    }

    /// Takes an answer from the transport's thread. False when nobody waits for it (a repeated or late one).
    @discardableResult
    func accept(_ body: ProtoToWorker.OneOf_Body, bulk: [UInt8]) -> Bool {
        let key: String
        switch body {
        case .chunk(let chunk): key = "get \(chunk.blob.sha256) \(chunk.offset)"
        case .putReply(let reply): key = "put \(reply.blob.sha256) \(reply.received)"
        default: return false
        }
        guard let waiter = state.withLock({ $0.waiting.removeValue(forKey: key) }) else { return false }
        waiter.reply.withLock { $0 = Reply(header: body, bulk: bulk) }
        waiter.arrived.signal()
        return true
    }

    /// All bytes of a blob, unverified.
    private func fetch(_ name: ProtoBlobName) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var total: Int64 = 1
        while Int64(bytes.count) < total {
            let offset = Int64(bytes.count)
            let request = ProtoFetchChunk.with { ($0.blob, $0.offset) = (name, offset) }
            let reply = try ask(.fetch(request), bulk: [], key: "get \(name.sha256) \(offset)", blob: name.sha256)
            guard case .chunk(let chunk) = reply.header else { throw WorkerError.blobFormat(name.sha256, "was not answered") }
            guard chunk.errorCode.isEmpty else { throw WorkerError.blobMissing(name.sha256) }
            guard let piece = Chunks.unpacked(reply.bulk, chunk.unpacked) else {
                throw WorkerError.blobFormat(name.sha256, "brings a damaged piece at \(offset)")
            }
            let size = Int64(piece.count)
            guard (0...(1 << 40)).contains(chunk.total), size <= WireProtocol.chunkSize, size <= chunk.total - offset else {
                throw WorkerError.blobFormat(name.sha256, "brings \(size) bytes at \(offset) of \(chunk.total)")
            }
            guard size > 0 || chunk.total == offset else { throw WorkerError.blobFormat(name.sha256, "is empty") }
            total = chunk.total
            bytes += piece
        }
        return bytes
    }

    private func ask(_ body: ProtoToHead.OneOf_Body, bulk: [UInt8], key: String, blob: String) throws -> Reply {
        for _ in 0..<Self.attemptsPerChunk {
            let waiter = Waiter()
            state.withLock { $0.waiting[key] = waiter }
            send(body, bulk)
            if waiter.arrived.wait(timeout: .now() + Self.chunkPatience) == .success, let reply = waiter.reply.withLock({ $0 }) {
                return reply
            }
            state.withLock { $0.waiting[key] = nil }
        }
        throw WorkerError.blobTimeout(blob)
    }
}
