import Diagnostics
import Foundation
import MarketData
import Registry
import Transport
import Wire

/// Answers workers' requests for datasets and artifacts, on a queue of its own so that the loop never waits for a disk.
///
/// Bulk messages carry no sequence number: a lost one is asked for again. A chunk is read from the file at its offset, so
/// memory does not grow with a dataset's size.
// Unchecked because `uploads` is touched on `queue` only.
final class BlobServer: @unchecked Sendable {
    /// The largest artifact accepted.
    static let artifactLimit = 1 << 30
    /// Artifacts that may be on their way in at once.
    private static let uploadsLimit = 64

    private struct Upload {
        var file: any ArtifactUpload
        var received: Int64
    }

    private struct UploadKey: Hashable {
        var peer: PeerID
        var sha256: String
    }

    private let catalogue: Catalogue
    private let artifacts: any ArtifactStore
    private let transport: any MessageTransport
    private let queue = DispatchQueue(label: "blobs")
    private var uploads: [UploadKey: Upload] = [:]

    init(catalogue: Catalogue, artifacts: any ArtifactStore, transport: any MessageTransport) {
        self.catalogue = catalogue
        self.artifacts = artifacts
        self.transport = transport
    }

    /// Takes a bulk message; false when it is not one.
    func accept(_ message: Framed<ProtoToHead>, from peer: PeerID) -> Bool {
        switch message.header.body {
        case .fetch(let request):
            queue.async { [self] in
                reply(to: peer, serve(request))
                CrashPoint.headChunkServed.reached()
            }
        case .put(let request):
            queue.async { [self] in reply(to: peer, (.putReply(receive(request, bulk: message.bulk, from: peer)), [])) }
        default: return false
        }
        return true
    }

    private func serve(_ request: ProtoFetchChunk) -> (ProtoToWorker.OneOf_Body, [UInt8]) {
        var chunk = ProtoChunk()
        chunk.blob = request.blob
        chunk.offset = request.offset
        do {
            let (bytes, total) = try read(request)
            chunk.total = total
            // A dataset's file is made of LZ4 blocks already.
            if request.blob.kind == .artifact, let packed = LZ4Block.pack(bytes) {
                chunk.unpacked = UInt32(bytes.count)
                return (.chunk(chunk), packed)
            }
            return (.chunk(chunk), bytes)
        } catch let error as any DiagnosticError {
            chunk.errorCode = error.code
        } catch {
            chunk.errorCode = "E_BLOB_MISSING"
        }
        return (.chunk(chunk), [])
    }

    private func read(_ request: ProtoFetchChunk) throws -> ([UInt8], Int64) {
        let sha256 = request.blob.sha256
        guard ContentHash.isWellFormed(sha256), request.offset >= 0 else { throw WireError.decode("a blob name is not a hash") }
        switch request.blob.kind {
        case .dataset:
            guard let handle = FileHandle(forReadingAtPath: try catalogue.path(of: sha256)) else {
                throw WorkerError.blobMissing(sha256)
            }
            defer { try? handle.close() }
            let total = try handle.seekToEnd()
            guard UInt64(request.offset) < total else { return ([], Int64(total)) }
            try handle.seek(toOffset: UInt64(request.offset))
            return ([UInt8](try handle.read(upToCount: WireProtocol.chunkSize) ?? Data()), Int64(total))
        case .artifact:
            return try artifacts.piece(of: sha256, from: request.offset, count: WireProtocol.chunkSize)
        case .unspecified, .UNRECOGNIZED: throw WireError.decode("a blob has an unknown kind")
        }
    }

    private func receive(_ request: ProtoPutChunk, bulk: [UInt8], from peer: PeerID) -> ProtoPutReply {
        var reply = ProtoPutReply()
        reply.blob = request.blob
        // The answer names the end of the piece as the worker counts it, also when the piece cannot be unpacked.
        reply.received = request.offset &+ (request.unpacked > 0 ? Int64(request.unpacked) : Int64(bulk.count))
        let key = UploadKey(peer: peer, sha256: request.blob.sha256)
        do {
            guard let bytes = Chunks.unpacked(bulk, request.unpacked) else {
                throw WireError.decode("a piece of an artifact is damaged")
            }
            try add(request, bytes: bytes, key: key)
        } catch let error {
            uploads.removeValue(forKey: key)?.file.cancel()
            let known = error as? any DiagnosticError
            reply.errorCode = known?.code ?? "E_ARTIFACT"
            reply.errorMessage = known?.message ?? "the artifact cannot be stored"
        }
        return reply
    }

    private func add(_ request: ProtoPutChunk, bytes: [UInt8], key: UploadKey) throws {
        guard request.blob.kind == .artifact, ContentHash.isWellFormed(key.sha256), request.total <= Self.artifactLimit,
            bytes.count <= WireProtocol.chunkSize, request.offset >= 0, request.offset &+ Int64(bytes.count) <= request.total
        else { throw WireError.decode("a piece of an artifact is out of bounds") }
        if try artifacts.exists(key.sha256) { return }
        if request.offset == 0 {
            uploads.removeValue(forKey: key)?.file.cancel()
            if uploads.count >= Self.uploadsLimit, let oldest = uploads.keys.first {
                uploads.removeValue(forKey: oldest)?.file.cancel()
            }
            uploads[key] = Upload(file: try artifacts.receive(expecting: key.sha256, limit: Self.artifactLimit), received: 0)
        }
        guard var upload = uploads[key], upload.received >= request.offset else {
            throw WireError.decode("a piece of an artifact is missing before \(request.offset)")
        }
        // A repeated piece has been written already.
        if upload.received == request.offset {
            try upload.file.append(bytes)
            upload.received += Int64(bytes.count)
        }
        uploads[key] = upload
        CrashPoint.headChunkTaken.reached()
        if upload.received == request.total {
            _ = try upload.file.finish()
            uploads[key] = nil
        }
    }

    private func reply(to peer: PeerID, _ answer: (ProtoToWorker.OneOf_Body, [UInt8])) {
        var header = ProtoToWorker()
        header.protocol = WireProtocol.version
        header.body = answer.0
        transport.send([OutgoingMessage(to: peer, frames: Framed(header: header, bulk: answer.1).frames)])
    }
}
