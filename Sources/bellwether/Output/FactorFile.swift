import Backtest
import Diagnostics
import Foundation

/// A file of monthly factors.
enum FactorFile {
    private static let largestFile = 16 << 20

    /// Throws `E_FACTORS` when it cannot be read, or is none.
    static func read(_ path: String) throws -> FactorTable {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard attributes?[.type] as? FileAttributeType == .typeRegular, let size = attributes?[.size] as? Int,
            size <= largestFile, let text = try? String(contentsOfFile: path, encoding: .utf8)
        else {
            throw CommandError(
                "E_FACTORS", .input, "\(path) cannot be read as a table of factors", place: .file(path),
                hint: "name a CSV file of at most 16 MiB")
        }
        return try FactorTable(csv: text, file: path)
    }
}
