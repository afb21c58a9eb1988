import Foundation
import Scheduling
import Testing

@testable import Stores

@Suite struct SQLiteDatabaseTests {
    @Test("Every connection writes ahead and syncs in full")
    func durability() throws {
        let database = try SQLiteDatabase(path: TemporaryFolder().path + "/deep/er/store.db")
        let settings = try database.transaction { transaction in
            try ["synchronous", "journal_mode", "foreign_keys"].map { try transaction.query("PRAGMA \($0)").map(\.values) }
        }
        #expect(settings == [[[.int(2)]], [[.text("wal")]], [[.int(1)]]])
    }

    @Test("One head at a time owns the file; nodes may join it")
    func headLock() throws {
        let url = StoreURL.sqlite(try TemporaryFolder().path + "/store.db")
        var head: OpenStores? = try OpenStores(url, role: .head)
        let error = #expect(throws: StoreError.self) { try OpenStores(url, role: .head) }
        #expect(error?.code == "E_DB_LOCKED")
        #expect(error?.message.contains("process \(getpid())") == true)
        let node = try OpenStores(url, role: .node)
        #expect(node.cluster == head?.cluster)
        head?.close()
        head = nil
        let successor = try OpenStores(url, role: .head)
        #expect(successor.cluster == node.cluster)
    }

    @Test("A head's log has its full length from the beginning, and what is committed goes into it and is read back from it")
    func logLength() throws {
        let path = try TemporaryFolder().path + "/store.db"
        let stores = try OpenStores(.sqlite(path), role: .head)
        func length() throws -> Int { try Data(contentsOf: URL(fileURLWithPath: path + "-wal")).count }
        let before = try length()
        #expect(before >= WriteAheadLog.pages * 4_096)
        let term = try stores.journal.raiseTerm()
        for index in 0..<50 as Range<Int32> {
            try stores.journal.commit([.jobSubmitted(Records.job(1)), .taskEnded(Records.task(1, index))], term: term)
        }
        #expect(try length() == before)
        let reader = try OpenStores(.sqlite(path), role: .node)
        #expect(try reader.journal.tasks(of: JobID(1), after: -1, limit: 100).count == 50)
    }

    @Test("A file that is no database is E_DB_CORRUPT")
    func notADatabase() throws {
        let path = try TemporaryFolder().path + "/store.db"
        try Data(repeating: 0x41, count: 8192).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) { try OpenStores(.sqlite(path), role: .head) }
        #expect(error?.code == "E_DB_CORRUPT")
        #expect(error?.hint?.contains("backup") == true)
    }

    @Test("Damaged pages are E_DB_CORRUPT and never a crash")
    func corruptPages() throws {
        let folder = try TemporaryFolder().path
        let path = folder + "/store.db"
        do {
            let stores = try OpenStores(.sqlite(path), role: .head)
            let term = try stores.journal.raiseTerm()
            try stores.journal.commit(
                [.jobSubmitted(Records.job(1))]
                    + (0..<2_000).map { .taskEnded(Records.task(1, $0, result: Array(repeating: 7, count: 50))) },
                term: term)
            stores.close()
        }
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        #expect(bytes.count > 100_000)
        for page in stride(from: 8192, to: bytes.count, by: 4096) {
            for offset in page..<min(page + 64, bytes.count) { bytes[offset] = 0xFF }
        }
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) {
            _ = try OpenStores(.sqlite(path), role: .head).journal.recover()
        }
        #expect(error?.code == "E_DB_CORRUPT")
    }

    @Test("A file on a network file system is E_DB_FS")
    func networkFileSystem() throws {
        let mounts = """
            22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
            30 22 0:50 / /mnt/share rw - nfs4 server:/export rw
            31 30 8:2 / /mnt/share/local rw - xfs /dev/sdb1 rw
            40 22 0:51 / /mnt/my\\040share rw shared:1 - cifs //server/share rw
            garbage
            """
        for path in ["/mnt/share", "/mnt/share/a/b", "/mnt/my share/x"] {
            let error = #expect(throws: StoreError.self) { try LocalFileSystem.require(path, mounts: mounts) }
            #expect(error?.code == "E_DB_FS")
        }
        for path in ["/", "/home/x", "/mnt/shared", "/mnt/share/local/db"] { try LocalFileSystem.require(path, mounts: mounts) }
    }

    @Test("A full disk is E_DB_FULL, leaves no half turn, and is no longer in the way when there is space again")
    func full() throws {
        let database = try SQLiteDatabase(path: TemporaryFolder().path + "/store.db")
        try Schema.migrate(database)
        let journal = SQLJournal(database: database)
        let term = try journal.raiseTerm()
        try journal.commit([.jobSubmitted(Records.job(1))], term: term)
        let turn = (0..<100 as Range<Int32>).map {
            JournalRecord.taskEnded(Records.task(1, $0, result: Array(repeating: 7, count: 9_000)))
        }
        // As many pages as there are: the same answer from SQLite as that of a disk without space.
        _ = try database.transaction { try $0.query("PRAGMA max_page_count = 1") }
        let error = #expect(throws: StoreError.self) { try journal.commit(turn, term: term) }
        #expect(error?.code == "E_DB_FULL")
        #expect(try journal.tasks(of: JobID(1), after: -1, limit: 1).isEmpty)
        _ = try database.transaction { try $0.query("PRAGMA max_page_count = 1000000") }
        try journal.commit(turn, term: term)
        #expect(try journal.tasks(of: JobID(1), after: -1, limit: 1_000).count == 100)
    }

    @Test("What a head committed is there after a crash that loses everything but the files")
    func crash() throws {
        let folder = try TemporaryFolder().path
        let copy = try TemporaryFolder().path
        let stores = try OpenStores(.sqlite(folder + "/store.db"), role: .head)
        let term = try stores.journal.raiseTerm()
        try stores.journal.commit([.jobSubmitted(Records.job(1)), .taskEnded(Records.task(1, 0))], term: term)
        // The head still runs: nothing was closed or checkpointed when its files are taken.
        for name in ["store.db", "store.db-wal"] {
            try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(copy)/\(name)")
        }
        let successor = try OpenStores(.sqlite(copy + "/store.db"), role: .head)
        #expect(try successor.journal.recover().openJobs.map(\.ended) == [[EndedRange(0..<1, .succeeded)]])
        #expect(try successor.journal.raiseTerm() == term + 1)
        stores.close()
    }
}
