import Diagnostics
import Glibc

/// A regular file opened for one pass from start to end, which must not change meanwhile.
///
/// Links, devices, pipes and folders are refused before a byte is read, so that a path from outside can neither hang nor
/// flood the reader. The descriptor is closed when the value goes away.
final class InputFile {
    let path: String
    /// The size when it was opened.
    let size: Int
    private let descriptor: CInt
    private let opened: stat
    private var consumed = 0

    /// Opens `path`. Throws `E_DATA_FILE` when it is not a regular file of at most `limit` bytes that may be read.
    init(path: String, limit: Int) throws(MarketDataError) {
        guard !path.utf8.contains(0), !path.isEmpty else {
            throw MarketDataError(.dataFile, "\(path.debugDescription) is not a path")
        }
        // Without O_NONBLOCK the open of a pipe would wait for a writer.
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.refusal(path, Self.reason(errno)) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let reason = Self.reason(errno)
            close(descriptor)
            throw Self.refusal(path, reason)
        }
        if let reason = Self.objection(to: status, limit: limit) {
            close(descriptor)
            throw Self.refusal(path, reason)
        }
        self.path = path
        self.descriptor = descriptor
        opened = status
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Reads the next bytes into `buffer`; 0 at the end. Throws `E_DATA_FILE` when the system cannot read it and
    /// `E_DATA_CHANGED` when it has grown.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(MarketDataError) -> Int {
        guard !buffer.isEmpty else { return 0 }
        while true {
            let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                consumed += count
                if consumed > size { throw changed() }
                return count
            }
            if errno != EINTR { throw Self.refusal(path, Self.reason(errno)) }
        }
    }

    /// Throws `E_DATA_CHANGED` unless all bytes were read and size and modification time are those at the start.
    ///
    /// With `samePath` the path must still name this file, which a rename by its writer would have changed. Files that are
    /// replaced by rename on purpose are read without: what was opened is whole.
    func checkUnchanged(samePath: Bool = true) throws(MarketDataError) {
        guard consumed == size, isUnchanged(samePath: samePath) else { throw changed() }
    }

    /// `error`, or `E_DATA_CHANGED` when a change of the file may be what caused it.
    func explaining(_ error: MarketDataError) -> MarketDataError {
        error.kind == .dataFile || isUnchanged(samePath: true) ? error : changed()
    }

    private func isUnchanged(samePath: Bool) -> Bool {
        var now = stat()
        guard fstat(descriptor, &now) == 0, Self.same(now, opened) else { return false }
        return !samePath || (lstat(path, &now) == 0 && Self.same(now, opened))
    }

    /// All bytes, checked to be unchanged.
    func readAll(samePath: Bool = true) throws(MarketDataError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var filled = 0
        while filled < size {
            let count = try bytes.withUnsafeMutableBufferPointer { (buffer) throws(MarketDataError) in
                try read(into: UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[filled...])))
            }
            if count == 0 { break }
            filled += count
        }
        try checkUnchanged(samePath: samePath)
        return bytes
    }

    private func changed() -> MarketDataError {
        MarketDataError(
            .dataChanged, "the file changed while it was read", place: .file(path),
            hint: "wait until whatever writes it is done, then import again")
    }

    private static func same(_ a: stat, _ b: stat) -> Bool {
        a.st_dev == b.st_dev && a.st_ino == b.st_ino && a.st_size == b.st_size
            && a.st_mtim.tv_sec == b.st_mtim.tv_sec && a.st_mtim.tv_nsec == b.st_mtim.tv_nsec
    }

    private static func objection(to status: stat, limit: Int) -> String? {
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            status.st_size <= limit ? nil : "is \(status.st_size) bytes, more than the limit of \(limit)"
        case S_IFDIR: "is a folder"
        case S_IFIFO: "is a pipe"
        case S_IFCHR, S_IFBLK: "is a device"
        default: "is not a regular file"
        }
    }

    private static func reason(_ number: CInt) -> String {
        switch number {
        case ENOENT: "does not exist"
        case ELOOP: "is a symbolic link"
        case EACCES, EPERM: "may not be read"
        case ENOTDIR: "goes through something that is not a folder"
        case ENAMETOOLONG: "has a name that is too long"
        case ENXIO: "is not a regular file"
        default: "cannot be read (system error \(number))"
        }
    }

    private static func refusal(_ path: String, _ reason: String) -> MarketDataError {
        MarketDataError(
            .dataFile, "the file \(reason)", place: .file(path), hint: "give the path of a regular file that you may read")
    }
}
