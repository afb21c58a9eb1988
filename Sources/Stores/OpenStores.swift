package import Registry
package import Scheduling

/// What a process wants of a store.
package enum StoreRole: Sendable {
    /// The one process that schedules: brings the schema up to date and, on SQLite, is the only one of its kind.
    case head
    /// A process beside the head, such as a serving node: needs the schema to be there.
    case node
}

/// The stores behind one address, open.
package final class OpenStores: Sendable {
    package let journal: any Journal & JobQueries
    package let models: any ModelStore & DriftStore & DatasetStore
    /// Made with the database and kept for ever: a worker that sees another one talks to another cluster.
    package let cluster: String
    private let makeSource: @Sendable () throws -> any RegistryChangeSource
    private let closeDatabase: @Sendable () -> Void
    /// Held as long as the stores are open.
    private let headLock: HeadLock?

    /// Opens the stores. `holder` says in the lease who the head is, such as `host:pid`.
    ///
    /// Throws `E_DB_LOCKED` when another head owns the SQLite file, `E_SCHEMA_VERSION`, and what the drivers throw.
    package init(_ url: StoreURL, role: StoreRole, holder: String = "") throws {
        let headTerm = HeadTerm()
        switch url {
        case .memory:
            let storage = InMemoryStorage()
            journal = InMemoryJournal(storage: storage, holder: holder, headTerm: headTerm)
            models = InMemoryModelStore(storage: storage, headTerm: headTerm)
            cluster = storage.cluster
            makeSource = { InMemoryChangeSource(storage: storage) }
            closeDatabase = {}
            headLock = nil
            return
        case .sqlite(let path):
            let database = try SQLiteDatabase(path: path)
            headLock = role == .head ? try HeadLock(databasePath: path) : nil
            makeSource = { try SQLiteChangeSource(path: path) }
            closeDatabase = { database.close() }
            cluster = try Self.prepare(database, role)
            if role == .head { try database.layOutLog() }
            journal = SQLJournal(database: database, holder: holder, headTerm: headTerm)
            models = SQLModelStore(database: database, headTerm: headTerm)
        case .postgres(let text):
            let database = try PostgresDatabase(text)
            let address = database.address
            headLock = nil
            makeSource = { try PostgresChangeSource(address) }
            closeDatabase = { database.close() }
            cluster = try Self.prepare(database, role)
            journal = SQLJournal(database: database, holder: holder, headTerm: headTerm)
            models = SQLModelStore(database: database, headTerm: headTerm)
        }
    }

    /// Watches for promotions from now on.
    package func watchRegistry() throws -> RegistryWatcher { try RegistryWatcher(makeSource: makeSource) }

    /// Closes the connections. Stop watchers first.
    package func close() { closeDatabase() }

    /// Brings the schema up to date, or checks it, and returns the cluster's id.
    private static func prepare(_ database: any SQLDatabase, _ role: StoreRole) throws -> String {
        switch role {
        case .head: try Schema.migrate(database)
        case .node: try Schema.requireCurrent(database)
        }
        guard let row = try database.query("SELECT cluster FROM head_lease WHERE id = 1").first else {
            throw StoreError(.corrupt, "the head lease is missing", hint: "restore the database from a backup")
        }
        return try row.text("cluster")
    }
}
