import Foundation
import Glibc
import Synchronization

/// The folder of one run, with its parts; removed with everything in it when the run is over.
final class ScratchFolder {
    /// Where the program works.
    let path: String
    let artifacts: String
    let checkpoints: String
    let temporary: String
    let parametersFile: String
    let checkpointFile: String
    private let root: String

    /// Makes a folder for `run` below `root`. Throws `E_SCRATCH`.
    init(root: String, run: String) throws(ProgramError) {
        try Self.prepare(root)
        self.root = "\(root)/\(Self.ownName)/\(run)"
        path = self.root + "/work"
        artifacts = path + "/artifacts"
        checkpoints = self.root + "/checkpoints"
        temporary = self.root + "/tmp"
        parametersFile = self.root + "/parameters.json"
        checkpointFile = self.root + "/checkpoint"
        for folder in [self.root, path, artifacts, checkpoints, temporary] {
            guard mkdir(folder, 0o700) == 0 else { throw .scratch(folder, errno) }
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Writes a file below the working folder, with the folders on its way. Throws `E_SCRATCH`.
    func write(_ bytes: [UInt8], to name: String, isExecutable: Bool) throws(ProgramError) {
        var folder = path
        for part in name.split(separator: "/").dropLast() {
            folder += "/\(part)"
            guard mkdir(folder, 0o700) == 0 || errno == EEXIST else { throw .scratch(folder, errno) }
        }
        try ProcessFile.write(bytes, to: "\(path)/\(name)", mode: isExecutable ? 0o700 : 0o600)
    }

    // MARK: - Folders of processes

    /// This process by its number and its start, which no other process ever shares.
    private static let ownName = name(of: getpid()) ?? "\(getpid())"
    private static let prepared = Mutex<Set<String>>([])

    /// Makes the folder of this process, and removes what workers that died have left.
    private static func prepare(_ root: String) throws(ProgramError) {
        let isNew = prepared.withLock { $0.insert(root).inserted }
        guard isNew else { return }
        let files = FileManager.default
        for name in (try? files.contentsOfDirectory(atPath: root)) ?? [] where name != ownName {
            let pid = name.split(separator: "-").first.flatMap { pid_t($0) }
            if let pid, Self.name(of: pid) == name { continue }
            try? files.removeItem(atPath: "\(root)/\(name)")
        }
        do {
            try files.createDirectory(
                atPath: "\(root)/\(ownName)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            prepared.withLock { _ = $0.remove(root) }
            throw .scratch(root, EIO)
        }
    }

    /// `PID-START`, the start in clock ticks since the machine's; nil when there is no such process.
    private static func name(of pid: pid_t) -> String? {
        let text = String(decoding: ProcessFile.read("/proc/\(pid)/stat", limit: 4_096), as: UTF8.self)
        // The name in parentheses may hold anything; the start is the twentieth field after it.
        guard let end = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 19 ? "\(pid)-\(fields[19])" : nil
    }
}
