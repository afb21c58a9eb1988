import Diagnostics
import GRDB

/// Turns SQLite's result codes into the stores' errors.
enum SQLiteFailure {
    /// Runs `body`; an SQLite error leaves it as a `StoreError`.
    static func translate<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DatabaseError {
            throw storeError(error, path)
        }
    }

    private static func storeError(_ error: DatabaseError, _ path: String) -> StoreError {
        // The statement and its arguments stay out: they may hold what users wrote.
        let text = error.message ?? "result code \(error.resultCode.rawValue)"
        let place = Place.file(path)
        switch error.resultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return StoreError(
                .locked, "the database stayed locked: \(text)", place: place,
                hint: "another process holds a long transaction on it")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_FORMAT:
            return StoreError(
                .corrupt, "the database is damaged: \(text)", place: place,
                hint: "restore the file together with its -wal file from a backup")
        case .SQLITE_FULL:
            return StoreError(.full, "no space left for the database", place: place, hint: "free some space and try again")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            return StoreError(.readOnly, "the database cannot be written: \(text)", place: place)
        case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_NOMEM, .SQLITE_PROTOCOL, .SQLITE_INTERRUPT:
            return StoreError(.unavailable, "the database file cannot be used: \(text)", place: place)
        case .SQLITE_CONSTRAINT:
            return StoreError(.constraint, text, place: place)
        case .SQLITE_MISUSE:
            return StoreError(.unavailable, "the database is closed", place: place)
        default:
            return StoreError(.statement, text, place: place)
        }
    }
}
