import Foundation

/// A fresh folder for everything a test keeps, removed when it is dropped.
package final class TemporaryHome: Sendable {
    package let path: String

    package init() throws {
        path = NSTemporaryDirectory() + "bellwether-test-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// The environment that makes a program keep its things here.
    package var environment: [String: String] { ["BELLWETHER_HOME": path] }

    /// Writes a file into the folder and returns its path.
    package func write(_ name: String, _ text: String) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }
}
