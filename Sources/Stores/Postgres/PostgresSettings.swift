/// The settings of a server that decide whether an acknowledged fact survives a crash.
enum PostgresSettings {
    /// Throws `E_DB_SETTINGS` naming the setting that would lose facts, and `E_DB_READ_ONLY` on a standby.
    static func require(_ connection: PostgresConnection) throws {
        let row = try connection.run(
            """
            SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
            current_setting('full_page_writes') AS full_page_writes, current_setting('server_encoding') AS server_encoding,
            current_setting('server_version_num')::bigint AS version, pg_is_in_recovery() AS standby,
            current_setting('transaction_read_only') AS read_only
            """, PostgresParameters()
        ).rows().first
        guard let row else { throw StoreError(.settings, "Postgres does not show its settings") }
        for setting in ["synchronous_commit", "fsync", "full_page_writes"] where try row.text(setting) == "off" {
            throw StoreError(
                .settings, "Postgres has \(setting)=off and would lose acknowledged jobs and results in a crash",
                hint: "set \(setting)=on for this database")
        }
        guard try row.text("server_encoding") == "UTF8" else {
            throw StoreError(
                .settings, "the database has server_encoding=\(try row.text("server_encoding"))",
                hint: "create it with encoding UTF8")
        }
        guard try row.int("version") >= 130_000 else {
            throw StoreError(
                .settings, "Postgres has server_version_num=\(try row.int("version"))", hint: "use Postgres 13 or later")
        }
        guard try row.int("standby") == 0 else {
            throw StoreError(.readOnly, "Postgres is a standby and takes no writes", hint: "connect to the primary")
        }
        guard try row.text("read_only") == "off" else {
            throw StoreError(
                .readOnly, "Postgres has default_transaction_read_only=on for this role or database",
                hint: "connect as a role that may write")
        }
    }
}
