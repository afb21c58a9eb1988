/// Where an error is, in the terms of what was read.
package enum Place: Sendable, Hashable, CustomStringConvertible {
    /// A position in a text; line and column count from 1. `file` is a name for people, never opened.
    case text(file: String?, line: Int, column: Int)
    /// A key of a structured document as a JSON pointer, such as `/walkForward/train`.
    case key(String)
    /// A data row, counted from 1 with the header as row 1, and the column's name when one is at fault.
    case row(file: String?, row: Int, column: String?)
    /// A byte offset from the start of a message or file.
    case offset(Int)
    /// A file as a whole.
    case file(String)

    package var description: String {
        switch self {
        case .text(let file, let line, let column): "\(file ?? "line"):\(line):\(column)"
        case .key(let pointer): pointer
        case .row(let file, let row, let column):
            (file.map { "\($0):" } ?? "") + "row \(row)" + (column.map { ", column \($0)" } ?? "")
        case .offset(let offset): "offset \(offset)"
        case .file(let name): name
        }
    }
}
