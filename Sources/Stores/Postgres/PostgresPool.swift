import Foundation
import Synchronization

/// Connections that callers lease one at a time. A lease is waited for at most five seconds.
final class PostgresPool: Sendable {
    private struct State {
        var idle: [PostgresConnection] = []
        var leased = 0
        var isClosed = false
    }

    private let address: PostgresAddress
    private let limit: Int
    private let condition = NSCondition()
    /// Guarded by `condition`, because a mutex of the Swift library cannot be waited on.
    nonisolated(unsafe) private var state = State()

    init(_ address: PostgresAddress, limit: Int) {
        self.address = address
        self.limit = limit
    }

    /// Calls `body` with a connection nobody else uses. When `body` throws because an idle connection turned out to be
    /// broken before `body` had any effect, which it says by `mayRepeat`, it is called once more with a fresh one.
    func withConnection<Result>(
        mayRepeat: () -> Bool = { true }, _ body: (PostgresConnection) throws -> Result
    ) throws -> Result {
        let (connection, wasIdle) = try lease()
        do {
            let result = try body(connection)
            giveBack(connection)
            return result
        } catch let error as StoreError where error.kind == .unavailable && wasIdle && mayRepeat() {
            giveBack(nil)
            dropIdle()
        } catch {
            giveBack(connection)
            throw error
        }
        let (fresh, _) = try lease()
        defer { giveBack(fresh) }
        return try body(fresh)
    }

    /// Calls `body` with an idle connection on which the server is given a second for each answer. Throws
    /// `E_DB_UNAVAILABLE` at once when there is no such connection.
    func withIdleConnection<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
        let idle = condition.withLock { () -> PostgresConnection? in
            guard let connection = state.idle.popLast() else { return nil }
            state.leased += 1
            return connection
        }
        guard let idle else { throw StoreError(.unavailable, "there is no connection to Postgres at \(address)") }
        defer { giveBack(idle) }
        return try idle.answering(withinMilliseconds: 1_000) { try body(idle) }
    }

    /// Closes what is idle now and what is given back later.
    func close() {
        condition.withLock {
            state.isClosed = true
            state.idle = []
            condition.broadcast()
        }
    }

    private func dropIdle() { condition.withLock { state.idle = [] } }

    private func lease() throws -> (PostgresConnection, wasIdle: Bool) {
        let deadline = Date(timeIntervalSinceNow: 5)
        condition.lock()
        while true {
            guard !state.isClosed else {
                condition.unlock()
                throw StoreError(.unavailable, "the store is closed")
            }
            if let connection = state.idle.popLast() {
                state.leased += 1
                condition.unlock()
                return (connection, true)
            }
            if state.leased < limit { break }
            guard condition.wait(until: deadline) else {
                condition.unlock()
                throw StoreError(.unavailable, "all \(limit) connections to Postgres have been busy for 5 s")
            }
        }
        state.leased += 1
        condition.unlock()
        do {
            return (try PostgresConnection(address), false)
        } catch {
            giveBack(nil)
            throw error
        }
    }

    private func giveBack(_ connection: PostgresConnection?) {
        condition.withLock {
            state.leased -= 1
            if let connection, connection.isUsable, !state.isClosed { state.idle.append(connection) }
            condition.signal()
        }
    }
}
