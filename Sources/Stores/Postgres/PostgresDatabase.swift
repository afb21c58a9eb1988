/// A Postgres database: a connection for the turns of the head, one or two for other writes, a few that read.
package final class PostgresDatabase: SQLDatabase {
    package let dialect = SQLDialect.postgres
    let address: PostgresAddress
    private let turns: PostgresPool
    private let writers: PostgresPool
    private let readers: PostgresPool

    /// Connects to `postgres://user@host:port/database` or `host=... dbname=...` and checks the server's settings.
    ///
    /// Throws `E_STORE_URL`, `E_DB_UNAVAILABLE`, `E_DB_PRIVILEGE`, `E_DB_SETTINGS`, `E_DB_READ_ONLY`.
    package init(_ text: String) throws {
        address = try PostgresAddress(text)
        turns = PostgresPool(address, limit: 1)
        writers = PostgresPool(address, limit: 2)
        readers = PostgresPool(address, limit: 4)
        try turns.withConnection { _ in }
    }

    package func query(_ sql: String, _ parameters: [SQLValue]) throws -> [SQLRow] {
        try readers.withConnection { try $0.run(sql, PostgresParameters(parameters)).rows() }
    }

    package func transaction<Result>(
        _ effort: TransactionEffort, _ body: (any SQLTransaction) throws -> Result
    ) throws -> Result {
        switch effort {
        case .briefTurn: return try turns.withIdleConnection { try Self.transaction(on: $0, hasBegun: {}, body) }
        case .turn, .patient:
            var hasBegun = false
            return try (effort == .turn ? turns : writers).withConnection(mayRepeat: { !hasBegun }) { connection in
                try Self.transaction(on: connection, hasBegun: { hasBegun = true }, body)
            }
        }
    }

    private static func transaction<Result>(
        on connection: PostgresConnection, hasBegun: () -> Void, _ body: (any SQLTransaction) throws -> Result
    ) throws -> Result {
        _ = try connection.simple("BEGIN")
        hasBegun()
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

    package func close() {
        turns.close()
        writers.close()
        readers.close()
    }
}
