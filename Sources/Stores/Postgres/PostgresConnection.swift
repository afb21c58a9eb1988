import CPostgres
import Foundation

/// One connection to Postgres. Not thread-safe: whoever leased it is the only one to use it.
final class PostgresConnection {
    /// The longest a statement may run on the server, in milliseconds.
    static let statementTimeout = 30_000
    /// Prepared statements kept per connection; beyond that they are forgotten and prepared again.
    private static let cacheLimit = 256

    private let pointer: OpaquePointer
    private let address: PostgresAddress
    /// Name and numbered text of each prepared statement, by the text the store wrote.
    private var prepared: [String: String] = [:]
    /// Set when the server no longer knows a statement as it was prepared, as after a migration by another process.
    private var isStale = false
    /// How long the server may be silent before the connection counts as broken.
    private var silenceLimit = CInt(statementTimeout + 5_000)

    /// Connects, and shows that the server keeps what it acknowledges.
    ///
    /// Throws `E_DB_UNAVAILABLE`, `E_DB_PRIVILEGE`, `E_DB_SETTINGS`, `E_DB_READ_ONLY`.
    init(_ address: PostgresAddress) throws {
        self.address = address
        let keywords = address.options.map { strdup($0.keyword) }
        let values = address.options.map { strdup($0.value) }
        defer { (keywords + values).forEach { free($0) } }
        let terminatedKeywords = keywords.map { $0.map { UnsafePointer($0) } } + [nil]
        let terminatedValues = values.map { $0.map { UnsafePointer($0) } } + [nil]
        guard let pointer = PQconnectdbParams(terminatedKeywords, terminatedValues, 0) else {
            throw StoreError(.unavailable, "out of memory for a connection to Postgres")
        }
        guard PQstatus(pointer) == CONNECTION_OK else {
            defer { PQfinish(pointer) }
            throw PostgresFailure.unavailable(pointer, address)
        }
        self.pointer = pointer
        // Notices such as "schema exists already" would otherwise go to the program's standard error.
        PQsetNoticeProcessor(pointer, { _, _ in }, nil)
        try prepareSession()
    }

    deinit { PQfinish(pointer) }

    /// Whether the connection can be used again.
    var isUsable: Bool { !isStale && PQstatus(pointer) == CONNECTION_OK && PQtransactionStatus(pointer) == PQTRANS_IDLE }

    /// The socket, to wait on for notifications.
    var socket: CInt { PQsocket(pointer) }

    /// A schema of our own, found before anything that another role may have put in the way; limits that free a row lock
    /// even when this process is stopped in the middle of a transaction.
    private func prepareSession() throws {
        _ = try simple("SET search_path = bellwether, pg_temp")
        _ = try simple("SET statement_timeout = \(Self.statementTimeout)")
        _ = try simple("SET lock_timeout = 10000")
        _ = try simple("SET idle_in_transaction_session_timeout = 5000")
        try PostgresSettings.require(self)
    }

    /// Runs `body`, in which the server may be silent for so long at most.
    func answering<Result>(withinMilliseconds limit: CInt, _ body: () throws -> Result) rethrows -> Result {
        let usual = silenceLimit
        silenceLimit = limit
        defer { silenceLimit = usual }
        return try body()
    }

    /// Runs a statement without parameters that returns nothing of interest.
    func simple(_ sql: String) throws -> PostgresResult {
        guard PQsendQuery(pointer, sql) == 1 else { throw PostgresFailure.unavailable(pointer, address) }
        return try finish()
    }

    /// Runs a prepared statement, which is prepared when it is met first.
    func run(_ sql: String, _ parameters: PostgresParameters) throws -> PostgresResult {
        let name = try prepare(sql)
        let sent = parameters.withPointers { values, lengths, formats in
            PQsendQueryPrepared(pointer, name, CInt(clamping: parameters.count), values, lengths, formats, 1)
        }
        guard sent == 1 else { throw PostgresFailure.unavailable(pointer, address) }
        return try finish()
    }

    /// Waits up to `milliseconds` for a notification or for `wake` to become readable; true when there was a notification.
    func waitForNotification(milliseconds: CInt, wake: CInt) throws -> Bool {
        if try takeNotifications() { return true }
        var descriptors = [
            pollfd(fd: socket, events: Int16(POLLIN), revents: 0), pollfd(fd: wake, events: Int16(POLLIN), revents: 0),
        ]
        _ = poll(&descriptors, 2, milliseconds)
        return try takeNotifications()
    }

    private func takeNotifications() throws -> Bool {
        guard PQconsumeInput(pointer) == 1 else { throw PostgresFailure.unavailable(pointer, address) }
        var found = false
        while let notification = PQnotifies(pointer) {
            PQfreemem(notification)
            found = true
        }
        return found
    }

    private func prepare(_ sql: String) throws -> String {
        if let name = prepared[sql] { return name }
        if prepared.count >= Self.cacheLimit {
            _ = try simple("DEALLOCATE ALL")
            prepared.removeAll()
        }
        let name = "s\(prepared.count)"
        guard PQsendPrepare(pointer, name, Self.number(sql), 0, nil) == 1 else {
            throw PostgresFailure.unavailable(pointer, address)
        }
        _ = try finish()
        prepared[sql] = name
        return name
    }

    /// `?` becomes `$1`, `$2` and so on. The stores' statements have no question marks in literals.
    static func number(_ sql: String) -> String {
        var count = 0
        return sql.reduce(into: "") { text, character in
            if character == "?" {
                count += 1
                text += "$\(count)"
            } else {
                text.append(character)
            }
        }
    }

    /// Waits for the answer, but not for ever: a server or network that is silent for longer than any statement may take
    /// has broken the connection.
    private func finish() throws -> PostgresResult {
        var last: PostgresResult?
        var failed: PostgresResult?
        while true {
            while PQisBusy(pointer) == 1 {
                var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
                let ready = poll(&descriptor, 1, silenceLimit)
                if ready < 0, errno == EINTR { continue }
                guard ready > 0 else {
                    shutdown(socket, CInt(SHUT_RDWR))
                    _ = PQconsumeInput(pointer)
                    throw StoreError(.unavailable, "Postgres at \(address) has been silent for \(silenceLimit / 1000) s")
                }
                guard PQconsumeInput(pointer) == 1 else { throw PostgresFailure.unavailable(pointer, address) }
            }
            guard let next = PQgetResult(pointer).map(PostgresResult.init) else { break }
            if next.isSuccess { last = next } else { failed = failed ?? next }
        }
        if let failed {
            if ["0A000", "26000"].contains(failed.sqlState) { isStale = true }
            throw PostgresFailure.error(failed, pointer, address)
        }
        guard let last else { throw PostgresFailure.unavailable(pointer, address) }
        return last
    }
}
