import Foundation
import Glibc

/// A disk that a test can fill and free again: a small file system of its own where this machine lets us mount one, and
/// otherwise a limit on how large a process's files may grow, which meets that process in the same calls.
package final class SmallDisk: Sendable {
    package let path: String
    /// Whether there is a file system of its own behind it.
    package let isMounted: Bool
    private var ballast: String { path + "/ballast" }

    package init(mebibytes: Int) throws {
        path = NSTemporaryDirectory() + "bellwether-disk-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        isMounted = mount("tmpfs", path, "tmpfs", 0, "size=\(mebibytes)m") == 0
        if !isMounted { print("no file system can be mounted here; limiting the size of files instead") }
    }

    /// Leaves no space to `process`.
    package func fill(for process: Int32) throws {
        guard isMounted else { return try limit(process, to: "0") }
        let descriptor = open(ballast, O_WRONLY | O_CREAT, 0o600)
        guard descriptor >= 0 else { throw Program.Failure(description: "no ballast: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        for size in [1 << 16, 1 << 10, 1] {
            let bytes = [UInt8](repeating: 1, count: size)
            while write(descriptor, bytes, size) > 0 {}
        }
    }

    /// Gives the space back.
    package func free(for process: Int32) throws {
        guard isMounted else { return try limit(process, to: "unlimited") }
        unlink(ballast)
    }

    package func remove() {
        if isMounted { umount2(path, Int32(MNT_DETACH)) }
        try? FileManager.default.removeItem(atPath: path)
    }

    /// `bytes` is a number or `unlimited`.
    private func limit(_ process: Int32, to bytes: String) throws {
        let program = Process()
        program.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
        program.arguments = ["--pid", "\(process)", "--fsize=\(bytes):unlimited"]
        try program.run()
        program.waitUntilExit()
        guard program.terminationStatus == 0 else { throw Program.Failure(description: "the size of files cannot be limited") }
    }
}
