import Foundation
import Registry

/// The version of this program.
package enum CodeVersion {
    /// Raised when results may change: a model fitted by another version is another model. Artifacts carry it.
    package static let text = "0.1.0"

    /// The version and the beginning of the running program's SHA-256, which tells two builds of one version apart. Lineage
    /// carries it; no result may depend on it. Computed when it is first asked for.
    package static let build = digest().map { "\(text)+\($0.prefix(12))" } ?? text

    private static func digest() -> String? {
        guard let program = FileHandle(forReadingAtPath: "/proc/self/exe") else { return nil }
        defer { try? program.close() }
        var hasher = ContentHasher()
        do {
            while let piece = try program.read(upToCount: 1 << 20), !piece.isEmpty { hasher.update(piece) }
        } catch {
            return nil
        }
        return hasher.finish()
    }
}
