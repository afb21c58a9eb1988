import Foundation
import GRDB

/// The file beside an SQLite database into which every commit goes first, `<file>-wal`.
enum WriteAheadLog {
    /// After so many pages SQLite moves what the log holds into the database and begins the log anew, in the same file.
    static let pages = 4_000
    /// A page of 4,096 bytes and its header, and the header of the log.
    private static let length = 32 + pages * (24 + 4_096)

    /// Lengthens the log to what it grows to anyway, because a synced write into a file takes half as long as one that lengthens it.
    /// Zeros are no frame to SQLite: it reads a log up to the first thing that is none. The write lock keeps every other process
    /// from adding to the log meanwhile. A disk that is getting full is left alone.
    static func layOut(for database: Database, path: String) throws {
        guard hasAmpleRoom(path) else { return }
        try database.inTransaction(.immediate) {
            let log = open(path + "-wal", O_WRONLY | O_CLOEXEC | O_NOFOLLOW)
            // It is only faster this way: a disk without room for it may still take commits.
            guard log >= 0 else { return .commit }
            defer { close(log) }
            let zeros = [UInt8](repeating: 0, count: 1 << 20)
            var end = Int(lseek(log, 0, SEEK_END))
            while end >= 0, end < length {
                let written = pwrite(log, zeros, min(zeros.count, length - end), off_t(end))
                guard written > 0 else { break }
                end += written
            }
            fdatasync(log)
            return .commit
        }
    }

    private static func hasAmpleRoom(_ path: String) -> Bool {
        var disk = statvfs()
        guard statvfs(path, &disk) == 0 else { return false }
        return disk.f_bavail > UInt(16 * length) / max(1, disk.f_frsize)
    }
}
