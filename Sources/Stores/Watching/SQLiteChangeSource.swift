import Diagnostics
import Foundation
import GRDB

/// Promotions by `PRAGMA data_version`, which changes when another connection has committed, every 50 ms.
final class SQLiteChangeSource: RegistryChangeSource {
    private let path: String
    private let queue: DatabaseQueue

    init(path: String) throws {
        self.path = path
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.unavailable, "the database file is gone", place: .file(path))
        }
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
        queue = try SQLiteFailure.translate(path) { try DatabaseQueue(path: path, configuration: configuration) }
    }

    func newest(unlike known: Int64?, wake: CInt) throws -> Int64 {
        var version = try dataVersion()
        let newest = try look()
        if newest != known { return newest }
        for _ in 0..<20 {
            var descriptor = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
            if poll(&descriptor, 1, 50) > 0 { break }
            let now = try dataVersion()
            guard now != version else { continue }
            version = now
            let newest = try look()
            if newest != known { return newest }
        }
        return newest
    }

    private func dataVersion() throws -> Int64? {
        try SQLiteFailure.translate(path) {
            try queue.inDatabase { try Int64.fetchOne($0, sql: "PRAGMA data_version") }
        }
    }

    private func look() throws -> Int64 {
        try SQLiteFailure.translate(path) {
            try queue.read {
                try SQLModelStore.newestPromotion(
                    SQLiteTransaction(database: $0, path: path).query(SQLModelStore.newestPromotionQuery, []))
            }
        }
    }
}
