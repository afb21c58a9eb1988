import Foundation
import GRDB

/// A transaction on SQLite's writer, or a read on one of its readers.
final class SQLiteTransaction: SQLTransaction {
    let dialect = SQLDialect.sqlite
    private let database: Database
    private let path: String

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
            let statement = try database.cachedStatement(sql: rows.statement())
            let before = database.totalChangesCount
            let width = rows.columns.count
            for start in stride(from: 0, to: rows.values.count, by: width) {
                try statement.execute(arguments: Self.arguments(rows.values[start..<start + width]))
            }
            return database.totalChangesCount - before
        }
    }

    /// An immediate transaction is the only writer already.
    func serialize(on lock: SQLLock) throws {}

    /// Other processes see a commit by `PRAGMA data_version`.
    func notify(_ channel: String) throws {}

    private static func arguments(_ values: some Sequence<SQLValue>) -> StatementArguments {
        StatementArguments(values.map(\.databaseValue))
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
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .int(let value): value.databaseValue
        case .double(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let value): Data(value).databaseValue
        }
    }
}
