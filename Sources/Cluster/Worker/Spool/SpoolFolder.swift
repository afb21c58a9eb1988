import Foundation
import Glibc

/// The folder of one worker process's spool, locked as long as that process lives; the kernel lets go of the lock however
/// the process ends, and the next process on the machine takes the folder over.
final class SpoolFolder: Sendable {
    let path: String
    private let descriptor: CInt

    /// Opens or makes the folder; nil when a living process has it.
    private init?(_ path: String) throws {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw WorkerError.spool(path, errno) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY | O_NOFOLLOW)
        guard descriptor >= 0 else { throw WorkerError.spool(path, errno) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            Glibc.close(descriptor)
            return nil
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { Glibc.close(descriptor) }

    /// Makes the folder of this process in `root`, and takes over those of processes that are gone.
    static func take(in root: String, named name: String) throws -> (own: SpoolFolder, inherited: [SpoolFolder]) {
        do {
            try FileManager.default.createDirectory(
                atPath: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw WorkerError.spool(root, EACCES)
        }
        // Two processes that start at once must not take each other's folder between its making and its locking.
        let gate = open(root, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard gate >= 0, flock(gate, LOCK_EX) == 0 else { throw WorkerError.spool(root, errno) }
        defer { Glibc.close(gate) }
        guard let own = try SpoolFolder(root + "/" + name) else { throw WorkerError.spool(root + "/" + name, EBUSY) }
        try SpoolFile.sync(folder: root)
        var inherited: [SpoolFolder] = []
        for entry in try FileManager.default.contentsOfDirectory(atPath: root).sorted() where entry != name {
            guard let folder = try? SpoolFolder(root + "/" + entry) else { continue }
            if folder.files.isEmpty { folder.remove() } else { inherited.append(folder) }
        }
        return (own, inherited)
    }

    /// Its whole files, in the order they were written.
    var files: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { $0.hasSuffix(".reports") }.sorted().map { path + "/" + $0 }
    }

    /// Removes the folder unless it holds results; what was half written when its process ended is nothing.
    func remove() {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name.hasSuffix(".new") {
            unlink(path + "/" + name)
        }
        rmdir(path)
    }
}
