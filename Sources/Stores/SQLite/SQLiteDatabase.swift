import Diagnostics
import Foundation
import GRDB
import Synchronization

/// An SQLite file in WAL mode with `synchronous=FULL`: one writer, several readers that never wait for it.
package final class SQLiteDatabase: SQLDatabase {
    package let path: String
    package let dialect = SQLDialect.sqlite
    private let pool: DatabasePool
    private let isClosed = Atomic<Bool>(false)

    /// Opens the file, which is made when missing together with its folder.
    ///
    /// Throws `E_DB_FS` on a network file system, `E_DB_CORRUPT` when the file is something else.
    package init(path: String) throws {
        self.path = path
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        } catch {
            throw StoreError(.unavailable, "the folder cannot be made: \(error.localizedDescription)", place: .file(folder))
        }
        try LocalFileSystem.require(folder)
        var configuration = Configuration()
        configuration.busyMode = .timeout(1)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = 4
        pool = try SQLiteFailure.translate(path) {
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = \(WriteAheadLog.pages)")
                // Both are asked back, because SQLite ignores a pragma that it cannot follow.
                let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
                let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
                guard level == 2, mode == "wal" else {
                    throw StoreError(
                        .settings, "SQLite does not take synchronous=FULL with a write-ahead log here", place: .file(path))
                }
            }
            return pool
        }
    }

    package func query(_ sql: String, _ parameters: [SQLValue]) throws -> [SQLRow] {
        try requireOpen()
        return try SQLiteFailure.translate(path) {
            // One statement sees one state by itself; a transaction around it would only cost.
            try pool.unsafeRead { try SQLiteTransaction(database: $0, path: path).query(sql, parameters) }
        }
    }

    /// Every effort is a brief one here: nothing but another process's lock is waited for, and for a second at most.
    package func transaction<Result>(
        _ effort: TransactionEffort, _ body: (any SQLTransaction) throws -> Result
    ) throws -> Result {
        try requireOpen()
        return try SQLiteFailure.translate(path) {
            try pool.writeWithoutTransaction { database in
                var result: Result?
                try database.inTransaction(.immediate) {
                    result = try body(SQLiteTransaction(database: database, path: path))
                    return .commit
                }
                guard let result else { throw StoreError(.statement, "the transaction ended without a result") }
                return result
            }
        }
    }

    /// Lays the log out, for whoever commits all the time.
    func layOutLog() throws {
        try requireOpen()
        try SQLiteFailure.translate(path) {
            try pool.writeWithoutTransaction { try WriteAheadLog.layOut(for: $0, path: path) }
        }
    }

    package func close() {
        guard !isClosed.exchange(true, ordering: .relaxed) else { return }
        // GRDB closes its writer before its readers, and readers leave the log behind.
        try? pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try? pool.close()
    }

    private func requireOpen() throws {
        if isClosed.load(ordering: .relaxed) { throw StoreError(.unavailable, "the database is closed", place: .file(path)) }
    }
}
