/// Where a store is: `sqlite:/path/file.db`, `postgres://user@host:port/database`, `postgres:host=... dbname=...` or
/// `memory:`.
package enum StoreURL: Sendable, Hashable {
    /// A file's path.
    case sqlite(String)
    /// What libpq takes: a URL, or keywords and values. May hold a password; never print it.
    case postgres(String)
    /// Nothing is kept.
    case memory

    /// Reads `text`; throws `E_STORE_URL`, which does not repeat it.
    package init(_ text: String) throws {
        func rest(_ prefix: String) -> String? { text.hasPrefix(prefix) ? String(text.dropFirst(prefix.count)) : nil }
        if text.utf8.contains(0) { throw Self.failure("holds a NUL character") }
        if text == "memory:" {
            self = .memory
        } else if let path = rest("sqlite:") {
            // `sqlite:///path` is the same place as `sqlite:/path`; `sqlite://path` would name a host.
            let path = path.hasPrefix("///") ? String(path.dropFirst(2)) : path
            guard !path.isEmpty, !path.hasPrefix("//"), !path.hasSuffix("/") else { throw Self.failure("names no file") }
            self = .sqlite(path)
        } else if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            _ = try PostgresAddress(text)
            self = .postgres(text)
        } else if let options = rest("postgres:") {
            _ = try PostgresAddress(options)
            self = .postgres(options)
        } else {
            throw Self.failure("is none that is known")
        }
    }

    /// Without password, for logs.
    package var redacted: String {
        switch self {
        case .sqlite(let path): "sqlite:\(path)"
        case .postgres(let text): (try? PostgresAddress(text)).map { "postgres://\($0)" } ?? "postgres:"
        case .memory: "memory:"
        }
    }

    private static func failure(_ what: String) -> StoreError {
        StoreError(
            .address, "the store's address \(what)",
            hint: "write sqlite:/path/file.db, postgres://user@host:port/database or memory:")
    }
}
