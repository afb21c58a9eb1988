/// A database that stores are written over: SQLite or Postgres. Every call blocks; any thread may call.
///
/// Values always travel as bound parameters, one per `?` in the statement.
package protocol SQLDatabase: AnyObject, Sendable {
    var dialect: SQLDialect { get }
    /// Reads committed rows. Several readers run at once.
    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [SQLRow]
    /// Runs `body` in one transaction: everything it wrote is durable when this returns, and nothing is when it throws.
    /// One exception: `E_DB_UNAVAILABLE` after a connection broke during the commit leaves open which of the two it is.
    /// `body` must use only the transaction it is given.
    func transaction<Result>(_ effort: TransactionEffort, _ body: (any SQLTransaction) throws -> Result) throws -> Result
    /// Closes all connections. Later calls fail.
    func close()
}

/// How long a transaction may take before it is given up with `E_DB_UNAVAILABLE`.
package enum TransactionEffort: Sendable {
    /// As long as a statement may run; a connection is made when there is none.
    case patient
    /// The same, on the connection that is kept for the turns of the head.
    case turn
    /// About a second, and only on that connection, if it is there: the head has other things to do.
    case briefTurn
}

extension SQLDatabase {
    package func query(_ sql: String) throws -> [SQLRow] { try query(sql, []) }

    package func transaction<Result>(_ body: (any SQLTransaction) throws -> Result) throws -> Result {
        try transaction(.patient, body)
    }

    /// Runs one statement in a transaction of its own and returns the number of rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ parameters: [SQLValue] = []) throws -> Int {
        try transaction { try $0.execute(sql, parameters) }
    }

    /// `transaction`, repeated a few times when another transaction was in the way, and once when the connection broke.
    /// Only for bodies that do no harm when they are run again after a commit whose answer was lost.
    func repeatableTransaction<Result>(
        _ effort: TransactionEffort = .patient, _ body: (any SQLTransaction) throws -> Result
    ) throws -> Result {
        var contentions = 0
        var reconnected = false
        while true {
            do {
                return try transaction(effort, body)
            } catch let error as StoreError where error.kind == .contention && contentions < 5 {
                contentions += 1
            } catch let error as StoreError where error.kind == .unavailable && !reconnected && dialect == .postgres {
                reconnected = true
            }
        }
    }
}

/// A transaction that is under way; valid only inside the closure it was passed to.
package protocol SQLTransaction: AnyObject {
    var dialect: SQLDialect { get }
    func query(_ sql: String, _ parameters: [SQLValue]) throws -> [SQLRow]
    /// Runs one statement and returns the number of rows it changed.
    @discardableResult
    func execute(_ sql: String, _ parameters: [SQLValue]) throws -> Int
    /// Inserts many rows at once and returns the number of rows it changed.
    @discardableResult
    func insert(_ rows: SQLInsert) throws -> Int
    /// Waits until no other transaction holds `lock` and keeps it until this one ends.
    func serialize(on lock: SQLLock) throws
    /// Tells other processes that listen on `channel`, once this transaction has committed.
    func notify(_ channel: String) throws
}

extension SQLTransaction {
    package func query(_ sql: String) throws -> [SQLRow] { try query(sql, []) }
    @discardableResult
    package func execute(_ sql: String) throws -> Int { try execute(sql, []) }
}

/// What transactions take turns at. The raw value is part of the Postgres advisory lock's key.
package enum SQLLock: Int32, Sendable {
    /// The schema.
    case schema = 1
    /// Versions, aliases and promotions, so that their numbers rise in the order of commits.
    case registry = 2
    /// Drift reports, for the same reason.
    case drift = 3
    case datasets = 4
    /// Ranges of tasks, when more than a turn's own are changed.
    case ranges = 5
}
