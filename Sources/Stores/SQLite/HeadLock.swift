import Diagnostics
import Foundation

/// The proof that one head at a time works on an SQLite file: an exclusive lock on `<file>.head`, which the kernel
/// releases when the process ends, however it ends.
final class HeadLock: Sendable {
    private let descriptor: CInt

    /// Takes the lock; throws `E_DB_LOCKED` when another head has it.
    init(databasePath: String) throws {
        let path = databasePath + ".head"
        let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard opened >= 0 else {
            throw StoreError(
                .unavailable, "the head's lock cannot be opened: \(String(cString: strerror(errno)))", place: .file(path))
        }
        guard flock(opened, LOCK_EX | LOCK_NB) == 0 else {
            let owner = Self.owner(opened)
            Foundation.close(opened)
            throw StoreError(
                .locked, "another head works on this database\(owner)", place: .file(databasePath),
                hint: "stop that head first, or give this one another database")
        }
        let text = Array("\(getpid())\n".utf8)
        // What it says is for people only, so a failure to write it is no failure.
        _ = ftruncate(opened, 0)
        _ = pwrite(opened, text, text.count, 0)
        descriptor = opened
    }

    deinit { Foundation.close(descriptor) }

    /// ` (process 123)`, or nothing when the lock's file does not say.
    private static func owner(_ descriptor: CInt) -> String {
        var buffer = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &buffer, buffer.count, 0)
        guard count > 0, let number = Int(String(decoding: buffer[..<count], as: UTF8.self).prefix { $0.isNumber }) else {
            return ""
        }
        return " (process \(number))"
    }
}
