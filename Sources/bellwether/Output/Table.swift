/// Rows in aligned columns.
struct Table {
    struct Column {
        var title: String
        /// Numbers stand on the right.
        var isNumber: Bool
        static func text(_ title: String) -> Column { Column(title: title, isNumber: false) }
        static func number(_ title: String) -> Column { Column(title: title, isNumber: true) }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) { self.columns = columns }

    /// Adds a row; cells beyond the columns are left out, missing ones are empty. Control characters are made visible.
    mutating func add(_ cells: [String]) {
        let cells = cells.prefix(columns.count).map { Text.clean($0) }
        rows.append(cells + Array(repeating: "", count: columns.count - cells.count))
    }

    /// The titles, then the rows, two spaces between columns and none at the end of a line.
    var text: String {
        let widths = columns.indices.map { i in rows.reduce(columns[i].title.count) { max($0, $1[i].count) } }
        let lines = ([columns.map(\.title)] + rows).map { cells in
            var line = ""
            for (i, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[i] - cell.count)
                line += (i == 0 ? "" : "  ") + (columns[i].isNumber ? padding + cell : cell + padding)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
        return lines.joined(separator: "\n")
    }

    /// Names and values, one pair a line, the values aligned.
    static func pairs(_ pairs: [(String, String?)]) -> String {
        let shown = pairs.compactMap { name, value in value.map { (name, Text.clean($0)) } }
        let width = shown.reduce(0) { max($0, $1.0.count) }
        return shown.map { $0 + String(repeating: " ", count: width - $0.count + 2) + $1 }.joined(separator: "\n")
    }
}
