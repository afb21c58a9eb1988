import Foundation
import TestSupport
import Testing

@testable import Stores

/// What both drivers promise.
@Suite struct SQLDatabaseTests {
    private static let dialects: [SQLDialect] = [.sqlite, .postgres]
    private struct Stop: Error {}

    private func makeDatabase(_ dialect: SQLDialect) throws -> any SQLDatabase {
        let database: any SQLDatabase
        switch dialect {
        case .sqlite: database = try SQLiteDatabase(path: TemporaryFolder().path + "/driver.db")
        case .postgres:
            database = try PostgresDatabase(PostgresServer.shared().makeDatabase())
            try database.execute("CREATE SCHEMA bellwether")
        }
        let d = database.dialect
        try database.execute(
            "CREATE TABLE t (id \(d.integer) PRIMARY KEY, i \(d.integer), d \(d.real), s \(d.text), b \(d.bytes)) \(d.table)")
        return database
    }

    private let rows: [[SQLValue]] = [
        [.int(1), .int(.max), .double(0.1), .text("plain"), .blob([0, 1, 2])],
        [.int(2), .int(.min), .double(-.infinity), .text("quotes ' \" \\ ? $1 {} NULL"), .blob([])],
        [.int(3), .null, .null, .null, .null],
        [.int(4), .int(0), .double(-0.0), .text(""), .blob(Array(0...255))],
        [.int(5), .int(-1), .double(.leastNonzeroMagnitude), .text("日本語 \u{1F680} é"), .blob([92, 120, 0])],
    ]

    @Test("Values come back as they went in, one by one and in bulk", arguments: dialects)
    func values(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        for row in rows { #expect(try database.execute("INSERT INTO t VALUES (?, ?, ?, ?, ?)", row) == 1) }
        #expect(try database.query("SELECT * FROM t ORDER BY id").map(\.values) == rows)
        try database.execute("DELETE FROM t")
        var insert = SQLInsert(
            into: "t", [.init("id", .int), .init("i", .int), .init("d", .double), .init("s", .text), .init("b", .blob)],
            conflict: "ON CONFLICT (id) DO NOTHING")
        for row in rows + rows { insert.append(row) }
        #expect(try database.transaction { try $0.insert(insert) } == rows.count)
        #expect(try database.query("SELECT * FROM t ORDER BY id").map(\.values) == rows)
        #expect(try database.query("SELECT id FROM t WHERE s = ?", [.text("")]).map(\.values) == [[.int(4)]])
    }

    @Test("A thrown error undoes the transaction and leaves the database usable", arguments: dialects)
    func rollback(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        #expect(throws: Stop.self) {
            try database.transaction { transaction in
                try transaction.execute("INSERT INTO t (id) VALUES (1)")
                throw Stop()
            }
        }
        #expect(throws: StoreError.self) {
            try database.transaction { transaction in
                try transaction.execute("INSERT INTO t (id) VALUES (1)")
                try transaction.execute("INSERT INTO t (id) VALUES (1)")
            }
        }.map { #expect($0.kind == .constraint) }
        #expect(throws: StoreError.self) { try database.query("SELECT nonsense FROM t") }.map { #expect($0.kind == .statement) }
        #expect(try database.query("SELECT * FROM t").isEmpty)
        try database.execute("INSERT INTO t (id) VALUES (1)")
        #expect(try database.query("SELECT id FROM t").map(\.values) == [[.int(1)]])
    }

    @Test("A reader sees nothing of a transaction before its commit, and does not wait for it", arguments: dialects)
    func isolation(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        try database.transaction { transaction in
            try transaction.execute("INSERT INTO t (id) VALUES (1)")
            let seen = try Self.onOtherThread { try database.query("SELECT * FROM t").count }
            #expect(seen == 0)
        }
        #expect(try database.query("SELECT * FROM t").count == 1)
    }

    @Test("Many threads read and write at once", arguments: dialects)
    func threads(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 16) { number in
            do {
                for round in 0..<20 {
                    try database.execute("INSERT INTO t (id) VALUES (?)", [.int(Int64(number * 100 + round))])
                    _ = try database.query("SELECT count(*) AS n FROM t").first?.int("n")
                }
            } catch { failures.add(error) }
        }
        #expect(failures.all.map { "\($0)" } == [])
        #expect(try database.query("SELECT count(*) AS n FROM t").first?.int("n") == 320)
    }

    @Test("Errors carry neither the statement nor its values", arguments: dialects)
    func discretion(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        try database.execute("INSERT INTO t (id, s) VALUES (1, 'x')")
        let error = #expect(throws: StoreError.self) {
            try database.execute("INSERT INTO t (id, s) VALUES (?, ?)", [.int(1), .text("confidential")])
        }
        #expect(error.map { "\($0)".contains("confidential") || "\($0)".contains("INSERT") } == false)
    }

    @Test("A closed database answers with an error", arguments: dialects)
    func closed(dialect: SQLDialect) throws {
        let database = try makeDatabase(dialect)
        database.close()
        #expect(throws: StoreError.self) { try database.query("SELECT * FROM t") }
        #expect(throws: StoreError.self) { try database.execute("DELETE FROM t") }
        database.close()
    }

    private static func onOtherThread<Result: Sendable>(_ body: @Sendable @escaping () throws -> Result) throws -> Result {
        let box = Box<Swift.Result<Result, any Error>>()
        let done = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            box.set(Swift.Result { try body() })
            done.signal()
        }
        done.wait()
        return try (try #require(box.value)).get()
    }
}
