import Diagnostics
import Foundation

/// An upload into a `FileArtifactStore`: one locked temporary file that is renamed to its hash at the end.
final class FileArtifactUpload: ArtifactUpload {
    private let temporary: String
    private let folder: String
    private let expected: String?
    private let limit: Int
    private var descriptor: CInt
    private var size = 0
    private var hasher = ContentHasher()

    init(temporary: String, folder: String, expected: String?, limit: Int) throws {
        self.temporary = temporary
        self.folder = folder
        self.expected = expected
        self.limit = limit
        descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw ArtifactFile.failure("cannot be made", temporary, errno) }
        flock(descriptor, LOCK_EX | LOCK_NB)
    }

    deinit { cancel() }

    func append(_ bytes: some Collection<UInt8>) throws {
        try requireOpen()
        guard bytes.count <= limit - size else {
            cancel()
            throw RegistryError(
                "E_ARTIFACT_SIZE", "the artifact has more than \(limit) bytes", category: .input)
        }
        size += bytes.count
        hasher.update(bytes)
        do {
            let done: Void? = try bytes.withContiguousStorageIfAvailable {
                try ArtifactFile.write(UnsafeRawBufferPointer($0), to: descriptor, temporary)
            }
            if done == nil {
                try Array(bytes).withUnsafeBytes { try ArtifactFile.write($0, to: descriptor, temporary) }
            }
        } catch {
            cancel()
            throw error
        }
    }

    func finish() throws -> String {
        try requireOpen()
        defer { cancel() }
        let hash = hasher.finish()
        if let expected, expected != hash {
            throw RegistryError(
                "E_ARTIFACT_HASH", "the artifact was announced as \(expected) but its bytes have the hash \(hash)",
                category: .integrity)
        }
        CrashPoint.artifactWritten.reached()
        guard fchmod(descriptor, 0o444) == 0, fsync(descriptor) == 0 else {
            throw ArtifactFile.failure("cannot be synced", temporary, errno)
        }
        let home = "\(folder)/\(hash.prefix(2))"
        try ArtifactFile.makeFolder(home, in: folder)
        CrashPoint.artifactSynced.reached()
        guard rename(temporary, "\(home)/\(hash)") == 0 else {
            throw ArtifactFile.failure("cannot be renamed", temporary, errno)
        }
        CrashPoint.artifactRenamed.reached()
        close(descriptor)
        descriptor = -1
        try ArtifactFile.syncFolder(home)
        return hash
    }

    func cancel() {
        guard descriptor >= 0 else { return }
        unlink(temporary)
        close(descriptor)
        descriptor = -1
    }

    private func requireOpen() throws {
        guard descriptor >= 0 else {
            throw RegistryError("E_ARTIFACT_CLOSED", "the upload has ended already", category: .input)
        }
    }
}
