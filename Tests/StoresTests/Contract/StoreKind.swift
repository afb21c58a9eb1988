import Foundation
import Registry
import Scheduling
import TestSupport
import Testing

@testable import Stores

/// The implementations that must all behave the same.
enum StoreKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case memory, sqlite, postgres

    var testDescription: String { rawValue }

    /// A fresh, empty store.
    func make() throws -> TestStore {
        switch self {
        case .memory: return TestStore(place: .memory(InMemoryStorage()))
        case .sqlite: return try TestStore(place: .url(.sqlite(TemporaryFolder().path + "/store.db")))
        case .postgres: return try TestStore(place: .url(StoreURL(PostgresServer.shared().makeDatabase())))
        }
    }
}

/// One database of a test, which several processes' worth of stores can open.
struct TestStore {
    enum Place {
        case memory(InMemoryStorage)
        case url(StoreURL)
    }
    let place: Place

    /// What one process has open: a journal and a registry that share its term, and a watcher.
    struct Opened {
        let journal: any Journal & JobQueries
        let models: any ModelStore & DriftStore & DatasetStore
        let watch: () throws -> RegistryWatcher
    }

    /// The first call makes the schema.
    func open(holder: String = "") throws -> Opened {
        switch place {
        case .memory(let storage):
            let term = HeadTerm()
            return Opened(
                journal: InMemoryJournal(storage: storage, holder: holder, headTerm: term),
                models: InMemoryModelStore(storage: storage, headTerm: term),
                watch: { try RegistryWatcher { InMemoryChangeSource(storage: storage) } })
        case .url(let url):
            try Schema.migrate(database(url))
            let stores = try OpenStores(url, role: .node, holder: holder)
            return Opened(journal: stores.journal, models: stores.models, watch: stores.watchRegistry)
        }
    }

    private func database(_ url: StoreURL) throws -> any SQLDatabase {
        switch url {
        case .sqlite(let path): try SQLiteDatabase(path: path)
        case .postgres(let text): try PostgresDatabase(text)
        case .memory: throw PostgresServer.Failure(message: "there is no database in memory")
        }
    }
}

/// A folder that the operating system's temporary folder holds; removed when the process ends.
struct TemporaryFolder {
    let path: String

    init() throws {
        path = Self.root.path + "/" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    private static let root: URL = {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("bellwether-stores-\(getpid())")
        atexit { try? FileManager.default.removeItem(at: TemporaryFolder.root) }
        return url
    }()
}
