import Diagnostics
import Foundation

/// The system calls behind `FileArtifactStore`, with their errors in the registry's words.
enum ArtifactFile {
    /// Opens a regular file for reading; nil when there is none. Links, pipes and devices are refused.
    static func open(_ path: String) throws -> CInt? {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("cannot be opened", path, errno)
        }
        return descriptor
    }

    /// The length of what `descriptor` holds, which must be a regular file.
    static func size(_ descriptor: CInt, _ path: String) throws -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("cannot be read", path, errno) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw RegistryError("E_ARTIFACT_FILE", "is not a regular file", place: .file(path), category: .integrity)
        }
        return Int64(status.st_size)
    }

    /// Reads all that `descriptor` holds, which must be a regular file.
    static func read(_ descriptor: CInt, _ path: String) throws -> [UInt8] {
        try read(descriptor, path, from: 0, count: Int(size(descriptor, path)))
    }

    /// Reads `size` bytes from `offset` on, fewer when the file ends before that.
    static func read(_ descriptor: CInt, _ path: String, from offset: Int64, count size: Int) throws -> [UInt8] {
        var code: CInt = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size, let base = buffer.baseAddress {
                let got = pread(descriptor, base + count, size - count, off_t(offset) + count)
                if got > 0 {
                    count += got
                } else if got == 0 {
                    return
                } else if errno != EINTR {
                    code = errno
                    return
                }
            }
        }
        if code != 0 { throw failure("cannot be read", path, code) }
        return bytes
    }

    /// Writes all of `bytes`.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt, _ path: String) throws {
        var done = 0
        while done < bytes.count, let base = bytes.baseAddress {
            let put = Foundation.write(descriptor, base + done, bytes.count - done)
            if put > 0 {
                done += put
            } else if put < 0, errno != EINTR {
                throw failure("cannot be written", path, errno)
            }
        }
    }

    /// Forces a folder's entries to the disk, so that a rename in it survives a crash.
    static func syncFolder(_ path: String) throws {
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { throw failure("cannot be opened", path, errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("cannot be synced", path, errno) }
    }

    /// Makes one folder, whose parent exists, durably; harmless when it is there.
    static func makeFolder(_ path: String, in parent: String) throws {
        if mkdir(path, 0o755) == 0 { return try syncFolder(parent) }
        guard errno == EEXIST else { throw failure("cannot be made", path, errno) }
    }

    static func failure(_ what: String, _ path: String, _ code: CInt) -> RegistryError {
        if code == ENOSPC || code == EDQUOT {
            return RegistryError(
                "E_ARTIFACT_SPACE", "\(what): no space left on the disk", place: .file(path),
                hint: "free some space and try again; nothing of the artifact was kept", category: .unavailable)
        }
        return RegistryError(
            "E_ARTIFACT_IO", "\(what): \(String(cString: strerror(code)))", place: .file(path), category: .unavailable)
    }
}
