import Diagnostics
import Foundation

/// Brings a database to the schema this program knows, or refuses it.
enum Schema {
    /// The version this program reads and writes.
    static let current = SchemaMigration.all.last?.version ?? 0

    /// Runs the missing steps in one transaction, under a lock that makes other processes wait.
    ///
    /// Throws `E_SCHEMA_VERSION` when the schema is newer than this program, was changed, has a gap, or belongs to
    /// something else.
    static func migrate(_ database: any SQLDatabase, migrations: [SchemaMigration] = SchemaMigration.all) throws {
        try database.repeatableTransaction { transaction in
            try transaction.serialize(on: .schema)
            if transaction.dialect == .postgres { try transaction.execute("CREATE SCHEMA IF NOT EXISTS bellwether") }
            if try !hasTable("schema_version", transaction) {
                guard try !hasTable("jobs", transaction), try !hasTable("models", transaction) else {
                    throw StoreError(
                        .schemaVersion, "the database has tables of these names but no schema version",
                        hint: "give Bellwether a database of its own, or restore this one from a backup")
                }
                let d = transaction.dialect
                try transaction.execute(
                    """
                    CREATE TABLE schema_version (
                        version \(d.integer) PRIMARY KEY, name \(d.text) NOT NULL, hash \(d.text) NOT NULL) \(d.table)
                    """)
            }
            let done = try check(transaction, migrations)
            for migration in migrations where migration.version > done {
                for statement in migration.statements(transaction.dialect) { try transaction.execute(statement) }
                try transaction.execute(
                    "INSERT INTO schema_version (version, name, hash) VALUES (?, ?, ?)",
                    [.int(migration.version), .text(migration.name), .text(migration.hash(transaction.dialect))])
                CrashPoint.storeSchemaMigrated.reached()
            }
            try transaction.execute(
                "INSERT INTO head_lease (id, term, holder, cluster) VALUES (1, 0, '', ?) ON CONFLICT (id) DO NOTHING",
                [.text(UUID().uuidString.lowercased())])
        }
    }

    /// Shows that the schema is exactly the one this program knows; throws `E_SCHEMA_VERSION` otherwise.
    static func requireCurrent(_ database: any SQLDatabase) throws {
        try database.transaction { transaction in
            let done = try hasTable("schema_version", transaction) ? check(transaction, SchemaMigration.all) : 0
            guard done == current else {
                throw StoreError(
                    .schemaVersion, "the schema has version \(done), this program needs \(current)",
                    hint: "start the head first: it brings the schema up to date")
            }
        }
    }

    /// The version reached so far, after checking that every step recorded is one of ours, unchanged and without a gap.
    private static func check(_ transaction: any SQLTransaction, _ migrations: [SchemaMigration]) throws -> Int64 {
        let rows = try transaction.query("SELECT version, hash FROM schema_version ORDER BY version")
        let newest = migrations.last?.version ?? 0
        for (row, expected) in zip(rows, 1...) {
            let version = try row.int("version")
            guard version <= newest else {
                throw StoreError(
                    .schemaVersion, "the schema has version \(version), newer than \(newest), the newest this program knows",
                    hint: "use the newer program, or restore the backup made before the upgrade")
            }
            guard version == expected, let known = migrations.first(where: { $0.version == version }) else {
                throw StoreError(
                    .schemaVersion, "the schema is half migrated: step \(expected) is missing but \(version) is there",
                    hint: "restore the database from a backup")
            }
            guard try row.text("hash") == known.hash(transaction.dialect) else {
                throw StoreError(
                    .schemaVersion, "step \(version) of the schema is not the one this program would have made",
                    hint: "the database was made by another build; restore it from a backup of this one")
            }
        }
        return try rows.last?.int("version") ?? 0
    }

    private static func hasTable(_ name: String, _ transaction: any SQLTransaction) throws -> Bool {
        let sql =
            switch transaction.dialect {
            case .sqlite: "SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = ?"
            case .postgres: "SELECT 1 AS found FROM pg_catalog.pg_tables WHERE schemaname = 'bellwether' AND tablename = ?"
            }
        return try !transaction.query(sql, [.text(name)]).isEmpty
    }
}
