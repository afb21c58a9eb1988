/// Rows for one table, inserted as fast as the database can: many rows a statement on SQLite, arrays on Postgres.
package struct SQLInsert: Sendable {
    package enum ColumnType: Sendable { case int, double, text, blob }
    package struct Column: Sendable {
        package let name: String
        package let type: ColumnType
        package init(_ name: String, _ type: ColumnType) { (self.name, self.type) = (name, type) }
    }

    package let table: String
    package let columns: [Column]
    /// What to do with rows that exist, such as `ON CONFLICT (job, idx) DO NOTHING`.
    package let conflict: String
    /// Row after row, `columns.count` values each.
    package private(set) var values: [SQLValue] = []
    /// How many rows there are.
    package var rowCount: Int { values.count / columns.count }

    package init(into table: String, _ columns: [Column], conflict: String, capacity: Int = 0) {
        self.table = table
        self.columns = columns
        self.conflict = conflict
        values.reserveCapacity(capacity * columns.count)
    }

    /// Adds one row; `row` has one value per column.
    package mutating func append(_ row: [SQLValue]) {
        precondition(row.count == columns.count, "a row has one value per column")
        values.append(contentsOf: row)
    }

    /// The statement for so many rows at once.
    func statement(rows: Int) -> String {
        let names = columns.map(\.name).joined(separator: ", ")
        let row = "(" + columns.map { _ in "?" }.joined(separator: ", ") + ")"
        let all = repeatElement(row, count: rows).joined(separator: ", ")
        return "INSERT INTO \(table) (\(names)) VALUES \(all) \(conflict)"
    }
}
