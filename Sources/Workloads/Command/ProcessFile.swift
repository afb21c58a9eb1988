import Glibc

/// Small files without a size, such as those of /proc, and regular files of a command.
enum ProcessFile {
    /// The first bytes of a file; none when it cannot be read.
    static func read(_ path: String, limit: Int) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        return readAll(descriptor, limit: limit, piece: 4_096)
    }

    /// A regular file's bytes, not through a symbolic link. Nil when it is something else or longer than `limit`.
    static func readRegular(_ path: String, limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= limit else { return nil }
        let bytes = readAll(descriptor, limit: limit + 1, piece: 65_536)
        return bytes.count <= limit ? bytes : nil
    }

    /// Writes a new file. Throws `E_SCRATCH`.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t = 0o600) throws(ProgramError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw .scratch(path, errno) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress?.advanced(by: written), $0.count - written)
            }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw .scratch(path, errno) }
            written += count
        }
    }

    private static func readAll(_ descriptor: Int32, limit: Int, piece: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(limit, piece))
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        return bytes
    }
}
