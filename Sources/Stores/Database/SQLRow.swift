/// One row of a result, read by column name or position. A missing column or a value of another type is `E_DB_CORRUPT`:
/// somebody has changed the table or the row by hand.
package struct SQLRow: Sendable {
    /// The columns' names, shared by all rows of a result.
    package let columns: SQLColumns
    package let values: [SQLValue]

    package init(columns: SQLColumns, values: [SQLValue]) { (self.columns, self.values) = (columns, values) }

    /// The value at `position`, null when there is no such column.
    package subscript(position: Int) -> SQLValue { values.indices.contains(position) ? values[position] : .null }

    package func value(_ column: String) throws -> SQLValue {
        guard let position = columns.position(of: column), values.indices.contains(position) else {
            throw StoreError(.corrupt, "the result has no column \(column)")
        }
        return values[position]
    }

    package func int(_ column: String) throws -> Int64 { try required(optionalInt(column), column) }
    package func text(_ column: String) throws -> String { try required(optionalText(column), column) }

    package func optionalInt(_ column: String) throws -> Int64? {
        switch try value(column) {
        case .int(let value): value
        case .null: nil
        default: throw mistyped(column)
        }
    }

    /// An integer that fits 32 bits.
    package func int32(_ column: String) throws -> Int32 {
        guard let value = Int32(exactly: try int(column)) else { throw mistyped(column) }
        return value
    }

    package func optionalDouble(_ column: String) throws -> Double? {
        switch try value(column) {
        case .double(let value): value
        case .int(let value): Double(value)
        case .null: nil
        default: throw mistyped(column)
        }
    }

    package func optionalText(_ column: String) throws -> String? {
        switch try value(column) {
        case .text(let value): value
        case .null: nil
        default: throw mistyped(column)
        }
    }

    package func blob(_ column: String) throws -> [UInt8] {
        guard case .blob(let value) = try value(column) else { throw mistyped(column) }
        return value
    }

    private func required<T>(_ value: T?, _ column: String) throws -> T {
        guard let value else { throw mistyped(column) }
        return value
    }

    private func mistyped(_ column: String) -> StoreError {
        StoreError(
            .corrupt, "column \(column) holds a value that cannot be there",
            hint: "the row was changed by hand or damaged; restore it from a backup")
    }
}

/// The columns of a result, in order.
package final class SQLColumns: Sendable {
    package let names: [String]
    private let positions: [String: Int]

    package init(_ names: [String]) {
        self.names = names
        positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    package func position(of name: String) -> Int? { positions[name] }
}
