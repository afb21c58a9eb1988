import Diagnostics
import Glibc

/// Writes whole files so that a reader sees the old one or the new one and never a part, also after a power cut.
enum AtomicFile {
    /// Writes what `body` passes to its argument to a temporary file beside `path`, syncs it, renames it to `path` and syncs
    /// the folder. Throws `E_DATA_WRITE` when the system refuses, after removing the temporary file.
    static func write(
        to path: String, _ body: ((UnsafeRawBufferPointer) throws(MarketDataError) -> Void) throws(MarketDataError) -> Void
    ) throws(MarketDataError) {
        let folder = folder(of: path)
        var template = Array("\(folder)/.bellwether-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure(path, "create a file in its folder") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        var isRenamed = false
        defer {
            close(descriptor)
            if !isRenamed { unlink(template) }
        }
        try body { (bytes) throws(MarketDataError) in try writeAll(bytes, to: descriptor, path: path) }
        guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else { throw failure(path, "sync the file") }
        guard rename(template, path) == 0 else { throw failure(path, "rename the new file into place") }
        isRenamed = true
        try sync(folder: folder)
    }

    /// Writes `bytes` as the whole of `path`.
    static func write(_ bytes: [UInt8], to path: String) throws(MarketDataError) {
        try write(to: path) { (sink) throws(MarketDataError) in
            try bytes.withUnsafeBufferPointer { (buffer) throws(MarketDataError) in try sink(UnsafeRawBufferPointer(buffer)) }
        }
    }

    /// Makes the folder and those above it. Throws `E_DATA_WRITE`.
    static func makeFolder(_ path: String) throws(MarketDataError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        let parent = folder(of: path)
        guard errno == ENOENT, parent != path, parent != "." else { throw failure(path, "make the folder") }
        try makeFolder(parent)
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw failure(path, "make the folder") }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt, path: String) throws(MarketDataError) {
        var written = 0
        while written < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
            if count > 0 {
                written += count
            } else if errno != EINTR {
                throw failure(path, "write")
            }
        }
    }

    private static func sync(folder: String) throws(MarketDataError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(folder, "open the folder") }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(folder, "sync the folder") }
    }

    /// The folder that holds `path`.
    private static func folder(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func failure(_ path: String, _ action: String) -> MarketDataError {
        let number = errno
        let reason =
            switch number {
            case ENOSPC, EDQUOT: "the disk is full"
            case EACCES, EPERM: "it is not permitted"
            case EROFS: "the file system is read-only"
            case ENOENT: "the folder does not exist"
            default: "system error \(number)"
            }
        return MarketDataError(.dataWrite, "could not \(action): \(reason)", place: .file(path))
    }
}
