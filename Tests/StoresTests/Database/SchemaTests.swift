import Foundation
import Scheduling
import TestSupport
import Testing

@testable import Stores

@Suite struct SchemaTests {
    private static let dialects: [SQLDialect] = [.sqlite, .postgres]

    private func makeDatabase(_ dialect: SQLDialect) throws -> any SQLDatabase { try makeOpener(dialect)() }

    /// Opens the same new database each time it is called.
    private func makeOpener(_ dialect: SQLDialect) throws -> () throws -> any SQLDatabase {
        switch dialect {
        case .sqlite:
            let path = try TemporaryFolder().path + "/schema.db"
            return { try SQLiteDatabase(path: path) }
        case .postgres:
            let address = try PostgresServer.shared().makeDatabase()
            return { try PostgresDatabase(address) }
        }
    }

    private func expectVersionError(_ text: String, _ body: () throws -> Void) {
        let error = #expect(throws: StoreError.self) { try body() }
        #expect(error?.code == "E_SCHEMA_VERSION")
        #expect(error?.message.contains(text) == true)
    }

    @Test("Migrating twice is migrating once, and the cluster's id stays", arguments: dialects)
    func idempotent(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        try Schema.migrate(database)
        let before = try database.query("SELECT cluster, term FROM head_lease").map(\.values)
        try Schema.migrate(database)
        try Schema.requireCurrent(database)
        #expect(try database.query("SELECT cluster, term FROM head_lease").map(\.values) == before)
        #expect(
            try database.query("SELECT version FROM schema_version").map(\.values)
                == SchemaMigration.all.map { [.int($0.version)] })
    }

    @Test("Heads that migrate at the same time leave one schema", arguments: dialects)
    func concurrent(dialect: SQLDialect) async throws {
        let open = try makeOpener(dialect)
        let databases = try (0..<4).map { _ in try open() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for database in databases { group.addTask { try Schema.migrate(database) } }
            try await group.waitForAll()
        }
        #expect(
            try databases[0].query("SELECT count(*) AS n FROM schema_version").first?.int("n") == Int64(SchemaMigration.all.count)
        )
        #expect(try databases[0].query("SELECT count(*) AS n FROM head_lease").first?.int("n") == 1)
    }

    @Test("A newer schema is refused", arguments: dialects)
    func newer(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        try Schema.migrate(database)
        try database.execute("INSERT INTO schema_version (version, name, hash) VALUES (99, 'x', 'y')")
        expectVersionError("newer") { try Schema.migrate(database) }
        expectVersionError("newer") { try Schema.requireCurrent(database) }
    }

    @Test("A step that was changed is refused", arguments: dialects)
    func changed(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        try Schema.migrate(database)
        try database.execute("UPDATE schema_version SET hash = 'other'")
        expectVersionError("step 1") { try Schema.migrate(database) }
    }

    @Test("A schema with a step missing in between is refused", arguments: dialects)
    func halfMigrated(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        let steps =
            SchemaMigration.all + [
                SchemaMigration(version: Schema.current + 1, name: "two") { _ in ["CREATE TABLE two (x INTEGER)"] },
                SchemaMigration(version: Schema.current + 2, name: "three") { _ in ["CREATE TABLE three (x INTEGER)"] },
            ]
        try Schema.migrate(database, migrations: steps)
        try database.execute("DELETE FROM schema_version WHERE version = ?", [.int(Schema.current + 1)])
        expectVersionError("half migrated") { try Schema.migrate(database, migrations: steps) }
    }

    @Test("A step that fails leaves the schema as it was", arguments: dialects)
    func failedStep(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        try Schema.migrate(database)
        let steps =
            SchemaMigration.all + [
                SchemaMigration(version: Schema.current + 1, name: "two") { _ in
                    ["CREATE TABLE two (x INTEGER)", "CREATE TABLE two (x INTEGER)"]
                }
            ]
        #expect(throws: StoreError.self) { try Schema.migrate(database, migrations: steps) }
        try Schema.requireCurrent(database)
        #expect(throws: StoreError.self) { try database.query("SELECT * FROM two") }
    }

    @Test("A store of the first version is brought up to date and keeps what it holds", arguments: dialects)
    func upgrades(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        try Schema.migrate(database, migrations: [.jobsAndModels])
        expectVersionError("version 1") { try Schema.requireCurrent(database) }
        try database.execute(
            """
            INSERT INTO jobs (id, uid, name, kind, spec, spec_hash, priority, submitted_at)
            VALUES (1, 'u', 'n', 'study', '{}', 'h', 0, 0)
            """)
        try database.execute(
            "INSERT INTO trials (job, number, state, parameters, objective, metrics) VALUES (1, 0, 'succeeded', '{}', 1.5, '{}')")
        try Schema.migrate(database)
        try Schema.requireCurrent(database)
        let trials = try SQLJournal(database: database).trials(of: JobID(1))
        #expect(trials == [TrialRecord(job: JobID(1), number: 0, state: "succeeded", parameters: "{}", objective: 1.5)])
    }

    @Test("Tables without a version belong to something else", arguments: dialects)
    func foreign(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        if dialect == .postgres { try database.execute("CREATE SCHEMA bellwether") }
        try database.execute("CREATE TABLE jobs (id INTEGER)")
        expectVersionError("no schema version") { try Schema.migrate(database) }
    }

    @Test("A node does not migrate: without the head's schema it is told to wait for the head", arguments: dialects)
    func nodeNeedsSchema(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        expectVersionError("version 0") { try Schema.requireCurrent(database) }
    }
}
