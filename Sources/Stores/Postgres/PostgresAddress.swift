import CPostgres
import Foundation

/// Where a Postgres database is and how to log in, in libpq's words. Prints without the password.
struct PostgresAddress: Sendable, CustomStringConvertible {
    /// libpq's keywords and values, in order of keyword.
    private(set) var options: [(keyword: String, value: String)]

    /// Reads `postgres://user@host:port/database?option=value` or `host=... port=... dbname=...`.
    ///
    /// Throws `E_STORE_URL` without repeating the text, which may hold a password.
    init(_ text: String) throws {
        var message: UnsafeMutablePointer<CChar>?
        guard !text.utf8.contains(0), let parsed = PQconninfoParse(text, &message) else {
            let hint = "write postgres://user@host:port/database, or host=... dbname=..."
            // libpq quotes from the text, so its own words are only shown when there is no password in it.
            let reason = text.contains("@") || text.contains("password") ? nil : message.map { String(cString: $0) }
            if let message { PQfreemem(message) }
            let suffix = reason.map { ": " + $0.trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
            throw StoreError(.address, "the address of the Postgres database cannot be read\(suffix)", hint: hint)
        }
        defer { PQconninfoFree(parsed) }
        var options: [(keyword: String, value: String)] = []
        var next = parsed
        while let keyword = next.pointee.keyword {
            if let value = next.pointee.val { options.append((String(cString: keyword), String(cString: value))) }
            next += 1
        }
        self.options = options
        addDefaults()
    }

    /// What keeps a dead network from holding a call for ever, unless the address says otherwise.
    private mutating func addDefaults() {
        let defaults = [
            ("application_name", "bellwether"), ("client_encoding", "UTF8"), ("connect_timeout", "2"), ("keepalives_count", "3"),
            ("keepalives_idle", "10"), ("keepalives_interval", "3"), ("tcp_user_timeout", "10000"),
        ]
        for (keyword, value) in defaults where !options.contains(where: { $0.keyword == keyword }) {
            options.append((keyword, value))
        }
    }

    private func value(_ keyword: String) -> String? { options.first { $0.keyword == keyword }?.value }

    /// `user@host:port/database`, for people.
    var description: String {
        let user = value("user").map { $0 + "@" } ?? ""
        let port = value("port").map { ":" + $0 } ?? ""
        return "\(user)\(value("host") ?? value("hostaddr") ?? "localhost")\(port)/\(value("dbname") ?? "")"
    }

    /// `text` without the password, should it occur in it.
    func redact(_ text: String) -> String {
        var text = text
        for secret in ["password", "sslpassword"] {
            if let secret = value(secret), !secret.isEmpty { text = text.replacingOccurrences(of: secret, with: "***") }
        }
        return text
    }
}
