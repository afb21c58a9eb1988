import Diagnostics
import Foundation

/// Refuses file systems whose locks and shared memory SQLite cannot trust.
enum LocalFileSystem {
    private static let remote: Set<String> = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs"]

    /// Throws `E_DB_FS` when `folder` lies on a network file system.
    static func require(_ folder: String) throws {
        guard let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8) else { return }
        try require(URL(fileURLWithPath: folder).resolvingSymlinksInPath().path, mounts: mounts)
    }

    /// The same for a resolved path and the text of `/proc/self/mountinfo`.
    static func require(_ path: String, mounts: String) throws {
        var deepest: (point: String, type: String)?
        for line in mounts.split(separator: "\n") {
            // 36 35 98:0 /root /mount/point options... - type source options
            let fields = line.split(separator: " ")
            guard fields.count > 4, let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count else { continue }
            let point = fields[4].replacingOccurrences(of: "\\040", with: " ")
            guard path == point || path.hasPrefix(point.hasSuffix("/") ? point : point + "/") else { continue }
            // Of mounts on the same point the last one is on top.
            if point.utf8.count >= (deepest?.point.utf8.count ?? 0) { deepest = (point, String(fields[dash + 1])) }
        }
        guard let deepest, remote.contains(deepest.type) else { return }
        throw StoreError(
            .fileSystem, "SQLite cannot keep its promises on a file system of type \(deepest.type)", place: .file(path),
            hint: "put the file on a local disk, or use Postgres")
    }
}
