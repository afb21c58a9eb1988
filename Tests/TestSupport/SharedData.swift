package import Foundation

/// Finds the real market data that some checkouts have beside them, in `../shared/data` from the project's root.
package enum SharedData {
    /// The project's root folder.
    package static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The file's path, or nil (after one line that says so) when the folder is missing and the test falls back to the
    /// synthetic market.
    package static func file(_ name: String) -> String? {
        let path = root.deletingLastPathComponent().appendingPathComponent("shared/data/\(name)").path
        if FileManager.default.fileExists(atPath: path) { return path }
        print("\(name) is not here; using the synthetic market instead")
        return nil
    }
}
