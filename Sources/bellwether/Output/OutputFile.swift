import Diagnostics
import Foundation

/// A file that a command writes.
enum OutputFile {
    /// Replaces the file at `path` whole or not at all. Throws `E_OUTPUT`.
    static func write(_ bytes: Data, to path: String) throws {
        do {
            try bytes.write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw CommandError(
                "E_OUTPUT", .unavailable, "the file cannot be written: \(error.localizedDescription)", place: .file(path))
        }
    }
}
