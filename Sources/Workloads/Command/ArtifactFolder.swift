import Cluster
import Foundation
import Glibc
import SwiftProtobuf
import Wire

/// The files that a program left for keeping.
enum ArtifactFolder {
    static let countLimit = 256
    /// Bytes of one file.
    static let sizeLimit = 256 << 20

    /// Stores every file below `folder` with the head, in order of name. Throws `E_OUTPUT_MISSING` when one of `required` is not
    /// there, and `E_ARTIFACT_FILE` for what is no regular file, or too much.
    static func store(_ folder: String, required: [String], _ blobs: any BlobSource) throws -> [ProtoOutputFile] {
        let names = try names(in: folder)
        if let missing = required.first(where: { !names.contains($0) }) { throw ProgramError.outputMissing(missing) }
        return try names.map { name in
            guard let bytes = ProcessFile.readRegular("\(folder)/\(name)", limit: sizeLimit) else {
                throw ProgramError.artifact(name, "is no regular file of at most \(sizeLimit >> 20) MiB")
            }
            let sha256 = try blobs.putArtifact(bytes)
            return .with { ($0.name, $0.sha256, $0.bytes) = (name, sha256, Int64(bytes.count)) }
        }
    }

    private static func names(in folder: String) throws(ProgramError) -> [String] {
        var names: [String] = []
        guard let files = FileManager.default.enumerator(atPath: folder) else { return [] }
        while let name = files.nextObject() as? String {
            var status = stat()
            guard lstat("\(folder)/\(name)", &status) == 0 else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { continue }
            guard ProgramReport.isBelow(name) else { throw .artifact(name, "has a name that no file system agrees on") }
            guard names.count < countLimit else { throw .artifact(name, "is one of more than \(countLimit)") }
            names.append(name)
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
