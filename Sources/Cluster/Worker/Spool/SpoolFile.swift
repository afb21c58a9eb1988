import Diagnostics
import Foundation
import Glibc
import Registry
import SwiftProtobuf
import Wire

/// One file of a spool: the registration by which a worker would tell of the results in it, behind a hash of its bytes.
///
/// Its cluster and term say to which head the results may be told; its `finished` are the results.
enum SpoolFile {
    private static let magic = Array("bellwether spool 1\n".utf8)

    /// Writes a file that is there whole or not at all, whatever happens meanwhile; returns its size. Throws `E_SPOOL`.
    static func write(_ content: ProtoRegister, to path: String) throws -> Int64 {
        let payload: [UInt8] = try content.serializedBytes()
        let bytes = magic + Array(ContentHash.sha256(payload).utf8) + [UInt8(ascii: "\n")] + payload
        let temporary = path + ".new"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw WorkerError.spool(path, errno) }
        var code: CInt = 0
        bytes.withUnsafeBytes { buffer in
            var done = 0
            while done < buffer.count, code == 0, let base = buffer.baseAddress {
                let put = Glibc.write(descriptor, base + done, buffer.count - done)
                if put > 0 { done += put } else if put < 0, errno != EINTR { code = errno }
            }
        }
        CrashPoint.spoolFileWritten.reached()
        if code == 0, fsync(descriptor) != 0 { code = errno }
        Glibc.close(descriptor)
        CrashPoint.spoolFileSynced.reached()
        if code == 0, rename(temporary, path) != 0 { code = errno }
        guard code == 0 else {
            unlink(temporary)
            throw WorkerError.spool(path, code)
        }
        CrashPoint.spoolFileRenamed.reached()
        try sync(folder: (path as NSString).deletingLastPathComponent)
        return Int64(bytes.count)
    }

    /// Reads a file back. Throws `E_SPOOL_DAMAGED` when it does not hold what was written.
    static func read(_ path: String) throws -> ProtoRegister {
        guard let data = FileManager.default.contents(atPath: path) else { throw WorkerError.spool(path, errno) }
        let bytes = [UInt8](data)
        let start = magic.count + 65
        guard bytes.count >= start, bytes.starts(with: magic), bytes[start - 1] == UInt8(ascii: "\n"),
            ContentHash.sha256(bytes[start...]).utf8.elementsEqual(bytes[magic.count..<start - 1]),
            let content = try? ProtoRegister(serializedBytes: Array(bytes[start...]))
        else { throw WorkerError.spoolDamaged(path) }
        return content
    }

    /// Forces a folder's entries to the disk, so that a rename in it survives a crash.
    static func sync(folder: String) throws {
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY)
        guard descriptor >= 0 else { throw WorkerError.spool(folder, errno) }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else { throw WorkerError.spool(folder, errno) }
    }
}
