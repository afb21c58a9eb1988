import Foundation
import Scheduling
import TestSupport
import Testing

@testable import Stores

@Suite struct PostgresDatabaseTests {
    private func database(of address: String) -> String { String(address.split(separator: "/").last ?? "") }

    @Test("A database that would lose acknowledged facts is refused, and the setting is named")
    func synchronousCommit() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabase()
        try server.run("ALTER DATABASE \(database(of: address)) SET synchronous_commit = off")
        let error = #expect(throws: StoreError.self) { try PostgresDatabase(address) }
        #expect(error?.code == "E_DB_SETTINGS")
        #expect(error?.message.contains("synchronous_commit=off") == true)
    }

    @Test("So is a server that does not sync", arguments: ["fsync=off", "full_page_writes=off"])
    func serverSettings(setting: String) throws {
        let server = try PostgresServer(settings: [setting])
        defer { server.stop() }
        let error = #expect(throws: StoreError.self) { try PostgresDatabase(server.makeDatabase()) }
        #expect(error?.code == "E_DB_SETTINGS")
        #expect(error?.message.contains(setting) == true)
    }

    @Test("A database that is read only is refused")
    func readOnly() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabase()
        try server.run("ALTER DATABASE \(database(of: address)) SET default_transaction_read_only = on")
        let error = #expect(throws: StoreError.self) { try PostgresDatabase(address) }
        #expect(error?.code == "E_DB_READ_ONLY")
    }

    @Test("A role that lacks a privilege is told so")
    func privilege() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabase()
        let role = "weak_\(database(of: address))"
        try server.run("CREATE ROLE \(role) LOGIN")
        let weak = address.replacingOccurrences(of: "postgres@", with: "\(role)@")
        let error = #expect(throws: StoreError.self) { try OpenStores(.postgres(weak), role: .head) }
        #expect(error?.code == "E_DB_PRIVILEGE")
    }

    @Test("A server that is not there is E_DB_UNAVAILABLE, and no password is shown")
    func unreachable() throws {
        let server = try PostgresServer()
        server.stop()
        for address in [
            "postgres://ann:s3cret@127.0.0.1:\(server.port)/bell",
            "host=127.0.0.1 port=\(server.port) user=ann password=s3cret dbname=bell",
            "host=\(server.folder) user=ann password=s3cret",
        ] {
            let error = #expect(throws: StoreError.self) { try PostgresDatabase(address) }
            #expect(error?.code == "E_DB_UNAVAILABLE")
            #expect(error.map { "\($0)".contains("s3cret") } == false)
        }
    }

    @Test(
        "A database or user that does not exist is E_DB_PRIVILEGE",
        arguments: ["postgres@127.0.0.1:PORT/nothing", "nobody@127.0.0.1:PORT/postgres"])
    func missing(address: String) throws {
        let port = try PostgresServer.shared().port
        let text = "postgres://" + address.replacingOccurrences(of: "PORT", with: "\(port)")
        let error = #expect(throws: StoreError.self) { try PostgresDatabase(text) }
        #expect(error?.code == "E_DB_PRIVILEGE")
    }

    @Test("A connection by Unix socket works")
    func unixSocket() throws {
        let server = try PostgresServer.shared()
        let database = try PostgresDatabase("host=\(server.folder) port=\(server.port) user=postgres dbname=postgres")
        #expect(try database.query("SELECT 1::bigint AS one").first?.int("one") == 1)
    }

    @Test("Killed connections are replaced without the caller noticing")
    func reconnects() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabase()
        let stores = try OpenStores(.postgres(address), role: .head)
        let term = try stores.journal.raiseTerm()
        try stores.journal.commit([.jobSubmitted(Records.job(1))], term: term)
        for round in 0..<3 as Range<Int32> {
            try server.killConnections(to: address)
            try stores.journal.commit([.taskEnded(Records.task(1, round))], term: term)
            try server.killConnections(to: address)
            #expect(
                try stores.journal.tasks(of: stores.journal.recover().openJobs[0].record.id, after: -1, limit: 9).count == Int(
                    round) + 1)
        }
    }

    @Test("A connection that is killed inside a transaction undoes it, and says E_DB_UNAVAILABLE")
    func killedInside() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabase()
        let postgres = try PostgresDatabase(address)
        try Schema.migrate(postgres)
        let error = #expect(throws: StoreError.self) {
            try postgres.transaction { transaction in
                try transaction.execute("INSERT INTO models (name) VALUES ('m')")
                let pid = try transaction.query("SELECT pg_backend_pid()::bigint AS pid").map { try $0.int("pid") }.first ?? 0
                try server.run("SELECT pg_terminate_backend(\(pid))")
                try transaction.execute("INSERT INTO models (name) VALUES ('n')")
            }
        }
        #expect(error?.code == "E_DB_UNAVAILABLE")
        #expect(try postgres.query("SELECT * FROM models").isEmpty)
    }

    @Test("After a crash of the server everything acknowledged is there, and the same stores go on")
    func serverCrash() throws {
        let server = try PostgresServer()
        defer { server.stop() }
        let stores = try OpenStores(.postgres(server.makeDatabase()), role: .head)
        let term = try stores.journal.raiseTerm()
        try stores.journal.commit(
            [.jobSubmitted(Records.job(1))] + (0..<1_000).map { .taskEnded(Records.task(1, $0)) }, term: term)
        try server.crash()
        let error = #expect(throws: StoreError.self) { try stores.journal.commit([], term: term) }
        #expect(error?.code == "E_DB_UNAVAILABLE")
        try server.restart()
        try stores.journal.commit([.taskEnded(Records.task(1, 1_000))], term: term)
        #expect(try stores.journal.recover().openJobs[0].ended.reduce(0) { $0 + $1.indices.count } == 1_001)
    }

    @Test("Another role's objects in the public schema are never mistaken for ours")
    func searchPath() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabase()
        try server.run(
            "CREATE TABLE public.jobs (id int); CREATE TABLE public.schema_version (version int)", database: database(of: address)
        )
        let stores = try OpenStores(.postgres(address), role: .head)
        #expect(try stores.journal.recover().openJobs.isEmpty)
        let versions = try server.run("SELECT count(*) FROM bellwether.schema_version", database: database(of: address))
        #expect(versions == "\(SchemaMigration.all.count)")
    }

    @Test("A table that another process changes does not break the statements prepared on it")
    func changedTable() throws {
        let server = try PostgresServer.shared()
        let address = try server.makeDatabase()
        let stores = try OpenStores(.postgres(address), role: .head)
        let term = try stores.journal.raiseTerm()
        try stores.journal.commit([.jobSubmitted(Records.job(1))], term: term)
        #expect(try stores.journal.job(JobID(1))?.record == Records.job(1))
        try server.run("ALTER TABLE bellwether.jobs ADD COLUMN extra TEXT", database: database(of: address))
        #expect(try stores.journal.job(JobID(1))?.record == Records.job(1))
    }

    @Test("More readers than connections wait for their turn")
    func readers() throws {
        let postgres = try PostgresDatabase(PostgresServer.shared().makeDatabase())
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 12) { _ in
            do { _ = try postgres.query("SELECT pg_sleep(0.05)") } catch { failures.add(error) }
        }
        #expect(failures.all.map { "\($0)" } == [])
    }

    @Test("Question marks become numbered parameters")
    func numbering() {
        #expect(PostgresConnection.number("a = ? AND b = ?::int") == "a = $1 AND b = $2::int")
        #expect(PostgresConnection.number("") == "")
    }
}
