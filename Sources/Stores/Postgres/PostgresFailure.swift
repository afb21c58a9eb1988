import CPostgres
import Foundation

/// Turns Postgres' SQLSTATEs into the stores' errors.
enum PostgresFailure {
    /// The error of a result. Detail and context stay out: they quote rows.
    static func error(_ result: PostgresResult, _ connection: OpaquePointer, _ address: PostgresAddress) -> StoreError {
        guard let state = result.sqlState else { return unavailable(connection, address) }
        return error(state: state, message: address.redact(result.message))
    }

    /// The error of a connection that cannot be opened or has broken.
    static func unavailable(_ connection: OpaquePointer?, _ address: PostgresAddress) -> StoreError {
        let text = connection.flatMap { PQerrorMessage($0) }.map { String(cString: $0) } ?? ""
        let line = address.redact(text.split(separator: "\n").joined(separator: "; ").trimmingCharacters(in: .whitespaces))
        if let refusal = refusal(line, address) { return refusal }
        return StoreError(
            .unavailable, "Postgres at \(address) does not answer: \(line.isEmpty ? "the connection broke" : line)",
            hint: "check that the server runs and takes connections")
    }

    /// A refused login, which libpq reports by text only.
    private static func refusal(_ line: String, _ address: PostgresAddress) -> StoreError? {
        let signs = [
            "authentication failed", "no password supplied", "does not exist", "permission denied for database", "pg_hba.conf",
        ]
        // A socket file that does not exist is a server that does not run.
        guard signs.contains(where: line.contains), !line.contains("No such file") else { return nil }
        return StoreError(
            .privilege, "Postgres at \(address) refuses the login: \(line)",
            hint: "check user, password and database; a password belongs into PGPASSWORD or a .pgpass file")
    }

    static func error(state: String, message: String) -> StoreError {
        switch state {
        case "25006":
            return StoreError(
                .readOnly, "Postgres takes no writes here: \(message)", hint: "connect to the primary, as a role that may write")
        case "42501":
            return StoreError(.privilege, message, hint: "grant the role what it lacks")
        case "57014", "55P03":
            return StoreError(.timeout, "Postgres took too long: \(message)")
        case "53100":
            return StoreError(.full, "no space left for the database: \(message)", hint: "free some space and try again")
        case "0A000", "26000":
            return StoreError(.unavailable, "Postgres has forgotten a prepared statement: \(message)")
        case "25P03", "57P01", "57P02", "57P03", "57P05":
            return StoreError(.unavailable, "Postgres ended the connection: \(message)")
        case "XX001", "XX002":
            return StoreError(.corrupt, "the database is damaged: \(message)", hint: "restore it from a backup")
        default:
            switch state.prefix(2) {
            case "08", "53", "58": return StoreError(.unavailable, "Postgres cannot serve: \(message)")
            case "23": return StoreError(.constraint, message)
            case "28", "3D": return StoreError(.privilege, "Postgres refuses the login: \(message)")
            case "40": return StoreError(.contention, message)
            default: return StoreError(.statement, "\(message) (SQLSTATE \(state))")
            }
        }
    }
}
