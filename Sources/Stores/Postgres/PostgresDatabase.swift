/// A Postgres database: one connection that writes, a few that read.
package final class PostgresDatabase: SQLDatabase {
    package let dialect = SQLDialect.postgres
    let address: PostgresAddress
    private let writers: PostgresPool
    private let readers: PostgresPool

    /// Connects to `postgres://user@host:port/database` or `host=... dbname=...` and checks the server's settings.
    ///
    /// Throws `E_STORE_URL`, `E_DB_UNAVAILABLE`, `E_DB_PRIVILEGE`, `E_DB_SETTINGS`, `E_DB_READ_ONLY`.
    package init(_ text: String) throws {
        address = try PostgresAddress(text)
        writers = PostgresPool(address, limit: 2)
        readers = PostgresPool(address, limit: 4)
        try writers.withConnection { _ in }
    }

    package func query(_ sql: String, _ parameters: [SQLValue]) throws -> [SQLRow] {
        try readers.withConnection { try $0.run(sql, PostgresParameters(parameters)).rows() }
    }

    package func transaction<Result>(_ body: (any SQLTransaction) throws -> Result) throws -> Result {
        var hasBegun = false
        return try writers.withConnection(mayRepeat: { !hasBegun }) { connection in
            _ = try connection.simple("BEGIN")
            hasBegun = true
            do {
                let result = try body(PostgresTransaction(connection))
                // A transaction that had failed inside answers COMMIT with ROLLBACK.
                guard try connection.simple("COMMIT").commandTag == "COMMIT" else {
                    throw StoreError(.statement, "the transaction had failed and was rolled back")
                }
                return result
            } catch {
                // The connection is thrown away when this fails, which rolls back as well.
                _ = try? connection.simple("ROLLBACK")
                throw error
            }
        }
    }

    package func close() {
        writers.close()
        readers.close()
    }
}
