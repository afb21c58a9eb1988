import Diagnostics
import Foundation
import Glibc
import Specs

/// Reads the files that a spec names beside itself, so that they travel with it.
enum SpecFiles {
    /// The spec with their content. Throws `E_SPEC_FILE` for one that cannot be read, `E_PATH_ESCAPE` for one that leads out of the
    /// spec's folder and `E_FILE_SIZE` when they are too large together.
    static func taken(into spec: JobSpec, besides path: String) throws -> JobSpec {
        guard spec.files.contains(where: { $0.content == .beside }) else { return spec }
        let folder = (path == "-" ? URL(fileURLWithPath: ".") : URL(fileURLWithPath: path).deletingLastPathComponent())
            .resolvingSymlinksInPath().path
        var spec = spec
        var left = CommandFile.bytesLimit
        spec.files = try spec.files.map { file in
            guard file.content == .beside else { return file }
            let url = URL(fileURLWithPath: "\(folder)/\(file.name)").resolvingSymlinksInPath()
            guard url.path.hasPrefix(folder == "/" ? "/" : folder + "/") else {
                throw CommandError(
                    "E_PATH_ESCAPE", .input, "the file \(file.name) leads out of the spec's folder", place: .file(url.path))
            }
            var status = stat()
            guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                let bytes = FileManager.default.contents(atPath: url.path)
            else {
                throw CommandError(
                    "E_SPEC_FILE", .input, "the file \(file.name), which the spec names, cannot be read", place: .file(url.path),
                    hint: "it is expected beside the spec")
            }
            left -= bytes.count
            guard left >= 0 else {
                throw CommandError(
                    "E_FILE_SIZE", .input, "the files of a spec have at most \(CommandFile.bytesLimit >> 10) KiB together",
                    place: .file(url.path), hint: "store larger ones as artifacts and name them by sha256")
            }
            return CommandFile(
                name: file.name, isExecutable: file.isExecutable || status.st_mode & S_IXUSR != 0, content: .bytes([UInt8](bytes))
            )
        }
        return spec
    }
}
