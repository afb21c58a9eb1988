import Diagnostics
import Dispatch
import Foundation
import Logging
import Scheduling
import SwiftProtobuf
import Wire

/// Finished results on the worker's disk that no head has acknowledged: those of this process, and those of processes
/// before it on the same machine, which are told as if they were its own.
///
/// Everything happens on a queue of its own, so that neither heartbeats nor tasks wait for the disk.
// Unchecked because everything that changes is touched on `queue` only.
final class Spool: @unchecked Sendable {
    private struct File {
        /// Results in it that are not acknowledged.
        var open: Set<TaskAttempt>
        var bytes: Int64
    }

    /// The bytes it may hold in all.
    private let limit: Int64
    private let logger: Logger
    private let queue = DispatchQueue(label: "spool")
    private let own: SpoolFolder
    /// Held until the process ends, emptied or not.
    private let inheritedFolders: [SpoolFolder]
    private var files: [String: File] = [:]
    private var fileOf: [TaskAttempt: String] = [:]
    /// Files of earlier processes that have not been told yet, and the one that is being told.
    private var inherited: [String]
    private var telling: String?
    private var bytes: Int64 = 0
    private var written = 0
    /// Whether the last write failed, so that a disk that stays full is told once.
    private var isFailing = false

    /// Takes over what is in `folder`; `name` is this process's boot id. Throws `E_SPOOL`.
    init(folder: String, name: String, limit: Int64, logger: Logger) throws {
        self.limit = limit
        self.logger = logger
        (own, inheritedFolders) = try SpoolFolder.take(in: folder, named: name)
        inherited = inheritedFolders.flatMap(\.files)
        for path in inherited {
            bytes += ((try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int64) ?? 0
        }
        if !inherited.isEmpty {
            logger.notice("results of earlier processes found", metadata: ["spool.files": "\(inherited.count)"])
        }
    }

    /// Writes the results of `content` into one file and says whether they are durable. A failure is logged.
    func keep(_ content: ProtoRegister, then done: @escaping @Sendable (Bool) -> Void) {
        queue.async { [self] in
            do {
                guard bytes < limit else { throw WorkerError.spoolFull(own.path, limit: limit) }
                written += 1
                let digits = String(written)
                let path = "\(own.path)/\(String(repeating: "0", count: max(0, 9 - digits.count)))\(digits).reports"
                let size = try SpoolFile.write(content, to: path)
                track(content, in: path, size)
                bytes += size
                if isFailing { logger.notice("results are spooled again") }
                isFailing = false
                CrashPoint.spoolFileKept.reached()
                done(true)
            } catch {
                if !isFailing { logger.error("results cannot be spooled", metadata: ["error": "\(error)"]) }
                isFailing = true
                done(false)
            }
        }
    }

    /// Drops what the head has acknowledged; a file goes with the last result in it.
    func forget(_ attempts: [TaskAttempt]) {
        queue.async { [self] in
            for attempt in attempts {
                guard let path = fileOf.removeValue(forKey: attempt) else { continue }
                files[path]?.open.remove(attempt)
                guard let file = files[path], file.open.isEmpty else { continue }
                unlink(path)
                CrashPoint.spoolFileForgotten.reached()
                bytes -= file.bytes
                files[path] = nil
                if telling == path { telling = nil }
            }
        }
    }

    /// Hands out the results of one file of an earlier process that belongs to `cluster` and to no later term than `term`;
    /// nothing while those handed out before are not acknowledged, or when there is none.
    func inherit(cluster: String, term: Int64, then take: @escaping @Sendable ([ProtoReport]) -> Void) {
        queue.async { [self] in
            guard telling == nil else { return }
            var kept: [String] = []
            while telling == nil, !inherited.isEmpty {
                let path = inherited.removeFirst()
                do {
                    let content = try SpoolFile.read(path)
                    guard content.clusterID == cluster, content.highestTerm <= term, !content.finished.isEmpty else {
                        logger.error(
                            "results of another cluster or a later term are kept",
                            metadata: [
                                "spool.file": "\(path)", "cluster": "\(content.clusterID)", "term": "\(content.highestTerm)",
                            ])
                        kept.append(path)
                        continue
                    }
                    track(content, in: path, ((try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int64) ?? 0)
                    telling = path
                    take(content.finished)
                    CrashPoint.spoolFileInherited.reached()
                } catch {
                    logger.error("spooled results cannot be read", metadata: ["error": "\(error)"])
                    kept.append(path)
                }
            }
            inherited += kept
        }
    }

    /// Waits until everything asked for is done, and removes the folders that hold nothing any more.
    func close() {
        queue.sync {
            for folder in [own] + inheritedFolders where folder.files.isEmpty { folder.remove() }
        }
    }

    private func track(_ content: ProtoRegister, in path: String, _ size: Int64) {
        let attempts = content.finished.map(\.attempt.taskAttempt)
        files[path] = File(open: Set(attempts), bytes: size)
        for attempt in attempts { fileOf[attempt] = path }
    }
}
