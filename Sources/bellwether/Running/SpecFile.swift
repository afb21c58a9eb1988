import Diagnostics
import Foundation
import Specs

/// Reads a job spec from a file, or from standard input for `-`.
enum SpecFile {
    /// More than any spec may have, so that the parser can say that it is too large.
    private static let limit = 2 << 20

    /// The text and the parsed spec. Throws `E_SPEC_FILE` and `SpecErrors`.
    static func read(_ path: String) throws -> (text: String, spec: JobSpec) {
        let source = try source(path)
        return (source.text, try JobSpec.parse(text: source.text, file: source.file))
    }

    /// The text alone, unparsed. Throws `E_SPEC_FILE`, and `SpecErrors` when the bytes are no text.
    static func source(_ path: String) throws -> SpecSource {
        try SpecSource(bytes: read(bytesOf: path), file: path == "-" ? "stdin" : path)
    }

    private static func read(bytesOf path: String) throws -> [UInt8] {
        func failure(_ reason: String) -> CommandError {
            CommandError("E_SPEC_FILE", .input, "the spec cannot be read: \(reason)", place: .file(path))
        }
        let handle: FileHandle
        if path == "-" {
            handle = .standardInput
        } else {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw failure("there is no such file")
            }
            guard !isFolder.boolValue else { throw failure("it is a folder") }
            let kind = try? FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type]
            guard kind as? FileAttributeType == .typeRegular else { throw failure("it is not a regular file") }
            guard let opened = FileHandle(forReadingAtPath: path) else { throw failure("permission is missing") }
            handle = opened
        }
        do {
            var bytes: [UInt8] = []
            while bytes.count < limit, let data = try handle.read(upToCount: limit - bytes.count), !data.isEmpty { bytes += data }
            return bytes
        } catch {
            throw failure(error.localizedDescription)
        }
    }
}
