import Foundation
import GRDB

/// A transaction on SQLite's writer, or a read on one of its readers.
final class SQLiteTransaction: SQLTransaction {
    let dialect = SQLDialect.sqlite
    private let database: Database
    private let path: String
    /// About as many values are bound to one insert: binding costs more here than inserting, and less so in bulk. Below
    /// the 999 parameters that every SQLite takes.
    private static let chunk = 640

    init(database: Database, path: String) { (self.database, self.path) = (database, path) }

    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [SQLRow] {
        try SQLiteFailure.translate(path) {
            let statement = try database.cachedStatement(sql: sql)
            let columns = SQLColumns(statement.columnNames)
            let cursor = try Row.fetchCursor(statement, arguments: Self.arguments(parameters))
            var rows: [SQLRow] = []
            while let row = try cursor.next() {
                let values = (0..<columns.names.count).map { Self.value(row[$0] as DatabaseValue) }
                rows.append(SQLRow(columns: columns, values: values))
            }
            return rows
        }
    }

    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int {
        try SQLiteFailure.translate(path) {
            try database.cachedStatement(sql: sql).execute(arguments: Self.arguments(parameters))
            return database.changesCount
        }
    }

    func insert(_ rows: SQLInsert) throws -> Int {
        guard rows.rowCount > 0 else { return 0 }
        return try SQLiteFailure.translate(path) {
            let before = database.totalChangesCount
            let width = rows.columns.count
            let chunk = max(1, Self.chunk / width) * width
            let bulk = rows.values.count >= chunk ? try database.cachedStatement(sql: rows.statement(rows: chunk / width)) : nil
            let single = rows.values.count % chunk > 0 ? try database.cachedStatement(sql: rows.statement(rows: 1)) : nil
            var start = 0
            while start < rows.values.count {
                let isBulk = rows.values.count - start >= chunk
                let end = start + (isBulk ? chunk : width)
                if let statement = isBulk ? bulk : single {
                    try statement.setArguments(Self.arguments(rows.values[start..<end]))
                    try statement.execute()
                }
                start = end
            }
            return database.totalChangesCount - before
        }
    }

    /// An immediate transaction is the only writer already.
    func serialize(on lock: SQLLock) throws {}

    /// Other processes see a commit by `PRAGMA data_version`.
    func notify(_ channel: String) throws {}

    private static func arguments(_ values: some Sequence<SQLValue>) -> StatementArguments {
        // Optional existentials, because the initializer for them is the one that reads no key path per value.
        StatementArguments(values.map { $0.convertible })
    }

    private static func value(_ value: DatabaseValue) -> SQLValue {
        switch value.storage {
        case .null: .null
        case .int64(let value): .int(value)
        case .double(let value): .double(value)
        case .string(let value): .text(value)
        case .blob(let value): .blob([UInt8](value))
        }
    }
}

extension SQLValue {
    /// What GRDB binds; nil for null.
    fileprivate var convertible: (any DatabaseValueConvertible)? {
        switch self {
        case .null: nil
        case .int(let value): value
        case .double(let value): value
        case .text(let value): value
        case .blob(let value): Data(value)
        }
    }
}
