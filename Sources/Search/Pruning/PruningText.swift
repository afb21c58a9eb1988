import Foundation

/// Numbers in the reasons that pruners give.
enum PruningText {
    static func number(_ value: Double) -> String { String(format: "%.6g", value) }
    static func probability(_ value: Double) -> String { String(format: "%.2g", value) }
}
