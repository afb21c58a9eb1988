/// A transaction on a leased connection.
final class PostgresTransaction: SQLTransaction {
    let dialect = SQLDialect.postgres
    private let connection: PostgresConnection
    /// Bytes after which an insert is split, far below what the server takes in one message.
    private static let chunk = 16 << 20

    init(_ connection: PostgresConnection) { self.connection = connection }

    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [SQLRow] {
        try connection.run(sql, PostgresParameters(parameters)).rows()
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        try connection.run(sql, PostgresParameters(parameters)).changed
    }

    /// One statement for all rows, one array per column.
    func insert(_ rows: SQLInsert) throws -> Int {
        guard rows.rowCount > 0 else { return 0 }
        let names = rows.columns.map(\.name).joined(separator: ", ")
        let arrays = rows.columns.map { "?::\(PostgresArray.name($0.type))" }.joined(separator: ", ")
        let sql = "INSERT INTO \(rows.table) (\(names)) SELECT * FROM unnest(\(arrays)) \(rows.conflict)"
        var changed = 0
        var first = 0
        while first < rows.rowCount {
            let end = Self.end(of: first, rows)
            var parameters = PostgresParameters()
            for (offset, column) in rows.columns.enumerated() {
                var array = PostgresArray(of: column.type, count: end - first)
                for row in first..<end { try array.append(rows.values[row * rows.columns.count + offset]) }
                try parameters.appendBinary(array.parameter)
            }
            changed += try connection.run(sql, parameters).changed
            first = end
        }
        return changed
    }

    func serialize(on lock: SQLLock) throws {
        // The first key says "Bellwether", so that other users of the same database are not in the way.
        _ = try query("SELECT pg_advisory_xact_lock(?::int, ?::int)", [.int(Int64(0x6265_6C6C)), .int(Int64(lock.rawValue))])
    }

    func notify(_ channel: String) throws {
        _ = try query("SELECT pg_notify(?, '')", [.text(channel)])
    }

    /// The row after the last one that fits into one message together with `first`.
    private static func end(of first: Int, _ rows: SQLInsert) -> Int {
        let width = rows.columns.count
        var bytes = 0
        var row = first
        while row < rows.rowCount {
            for value in rows.values[row * width..<(row + 1) * width] {
                switch value {
                case .text(let text): bytes += text.utf8.count
                case .blob(let blob): bytes += blob.count
                default: bytes += 8
                }
            }
            if bytes > chunk, row > first { break }
            row += 1
        }
        return row
    }
}
