import Diagnostics
import Foundation
import Synchronization

/// Artifacts as files under `<root>/artifacts/<first two digits>/<sha256>`.
///
/// Bytes are written to `<root>/artifacts/.incoming`, synced, and renamed, so a file under its hash is always whole.
/// Several processes may share a root.
package final class FileArtifactStore: ArtifactStore {
    /// The folder that holds the artifacts.
    package let folder: String
    private let incoming: String
    private let counter = Atomic<Int>(0)

    /// Opens the store under `root`, which is made when missing, and removes what uploads that died have left.
    package init(root: String) throws {
        folder = root.hasSuffix("/") ? root + "artifacts" : root + "/artifacts"
        incoming = folder + "/.incoming"
        do {
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        } catch {
            throw RegistryError(
                "E_ARTIFACT_IO", "cannot be made: \(error.localizedDescription)", place: .file(root), category: .unavailable)
        }
        try ArtifactFile.makeFolder(folder, in: root)
        try ArtifactFile.makeFolder(incoming, in: folder)
        removeAbandoned()
    }

    package func put(_ bytes: [UInt8]) throws -> String {
        let hash = ContentHash.sha256(bytes)
        if try isIntact(hash) { return hash }
        let upload = try receive(expecting: hash, limit: bytes.count)
        try upload.append(bytes)
        return try upload.finish()
    }

    package func read(_ sha256: String) throws -> [UInt8] {
        let path = try path(of: sha256)
        let bytes = try open(sha256) { try ArtifactFile.read($0, path) }
        let actual = ContentHash.sha256(bytes)
        guard actual == sha256 else {
            throw RegistryError(
                "E_ARTIFACT_HASH", "artifact \(sha256) holds other bytes, with the hash \(actual)", place: .file(path),
                hint: "restore the file from a backup, or store the artifact again", category: .integrity)
        }
        return bytes
    }

    package func piece(of sha256: String, from offset: Int64, count: Int) throws -> (bytes: [UInt8], total: Int64) {
        let path = try path(of: sha256)
        return try open(sha256) { descriptor in
            let total = try ArtifactFile.size(descriptor, path)
            let start = min(max(0, offset), total)
            let bytes = try ArtifactFile.read(descriptor, path, from: start, count: Int(min(Int64(max(0, count)), total - start)))
            return (bytes, total)
        }
    }

    private func open<Result>(_ sha256: String, _ body: (CInt) throws -> Result) throws -> Result {
        guard let descriptor = try ArtifactFile.open(path(of: sha256)) else {
            throw RegistryError("E_ARTIFACT_MISSING", "artifact \(sha256) is not stored here", category: .integrity)
        }
        defer { close(descriptor) }
        return try body(descriptor)
    }

    package func exists(_ sha256: String) throws -> Bool {
        guard let descriptor = try ArtifactFile.open(path(of: sha256)) else { return false }
        close(descriptor)
        return true
    }

    package func receive(expecting expected: String?, limit: Int) throws -> any ArtifactUpload {
        if let expected { _ = try path(of: expected) }
        let number = counter.add(1, ordering: .relaxed).newValue
        return try FileArtifactUpload(
            temporary: "\(incoming)/\(getpid())-\(number)-\(UInt64.random(in: 0...UInt64.max))", folder: folder,
            expected: expected,
            limit: limit)
    }

    /// Where the artifact of that hash is; throws `E_ARTIFACT_NAME` for text that is no hash, so that no name escapes the folder.
    private func path(of sha256: String) throws -> String {
        guard ContentHash.isWellFormed(sha256) else {
            throw RegistryError(
                "E_ARTIFACT_NAME", "an artifact is named by 64 lower-case hexadecimal digits", category: .input)
        }
        return "\(folder)/\(sha256.prefix(2))/\(sha256)"
    }

    /// Whether the artifact is there and whole; a damaged one counts as missing, so that storing it again repairs it.
    private func isIntact(_ sha256: String) throws -> Bool {
        do {
            _ = try read(sha256)
            return true
        } catch let error as RegistryError where error.category == .integrity {
            return false
        }
    }

    /// Removes files of uploads whose process is gone: old ones on which nobody holds the lock.
    private func removeAbandoned() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: incoming)) ?? [] {
            let path = incoming + "/" + name
            guard let descriptor = try? ArtifactFile.open(path) else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, time(nil) - status.st_mtim.tv_sec > 60 else { continue }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { unlink(path) }
        }
    }
}
