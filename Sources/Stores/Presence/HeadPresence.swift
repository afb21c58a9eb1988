/// How the heads on one Postgres see each other: the one that works holds a lock that the server lets go of when its
/// connection ends, and counts up a beat for the case that it hangs with the connection open.
///
/// Both only say when to take over. What makes taking over safe is the term, which every write checks.
// Unchecked because its owner calls it from one serial queue.
package final class HeadPresence: @unchecked Sendable {
    /// What the store shows of the head that works.
    package struct Sight: Sendable, Hashable {
        /// Differs from the last one when that head has given a sign of life, or another one has taken over.
        package var term: Int64
        package var beat: Int64
        /// Whether this process holds the lock, so that no other head's connection does.
        package var holdsLock: Bool
    }

    private let address: PostgresAddress
    private var connection: PostgresConnection?
    private var holdsLock = false

    /// Throws `E_STANDBY_STORE` when `url` is not a Postgres, the only store that two heads can share.
    package init(_ url: StoreURL) throws {
        guard case .postgres(let text) = url else {
            throw StoreError(
                .standby, "a head can stand by only where it shares a Postgres with the one that works, not \(url.redacted)",
                hint: "name the database with --registry postgres://user@host:port/database")
        }
        address = try PostgresAddress(text)
    }

    /// Gives a sign of life as the head of `term`. Throws `E_FENCED_HEAD` when another head has taken over.
    package func beat(term: Int64) throws {
        try onConnection { connection in
            let row = try connection.run("SELECT term, holder FROM head_lease WHERE id = 1", PostgresParameters()).rows().first
            let stored = try row?.int("term") ?? 0
            guard stored == term else { throw HeadTerm.fenced(term, stored, by: try row?.text("holder") ?? "") }
            try takeLock(connection)
            _ = try connection.run(
                "UPDATE head_beats SET term = ?, beat = beat + 1 WHERE id = 1", PostgresParameters([.int(term)]))
        }
    }

    /// Looks at the head that works, and takes its lock if nobody holds it.
    package func look() throws -> Sight {
        try onConnection { connection in
            try takeLock(connection)
            let row = try connection.run(
                """
                SELECT head_lease.term AS term, beat FROM head_lease, head_beats WHERE head_lease.id = 1 AND head_beats.id = 1
                """, PostgresParameters()
            ).rows().first
            guard let row else { throw StoreError(.corrupt, "the head lease is missing") }
            return Sight(term: try row.int("term"), beat: try row.int("beat"), holdsLock: holdsLock)
        }
    }

    /// Leaves the lock to the head that works after all.
    package func letGo() {
        connection = nil
        holdsLock = false
    }

    private func takeLock(_ connection: PostgresConnection) throws {
        guard !holdsLock else { return }
        let row = try connection.run("SELECT pg_try_advisory_lock(?::int, 0) AS taken", PostgresParameters([.int(0x6265_6C6C)]))
            .rows().first
        holdsLock = try row?.int("taken") == 1
    }

    /// One connection, made again when it broke; an answer that takes longer than a second breaks it.
    private func onConnection<Result>(_ body: (PostgresConnection) throws -> Result) throws -> Result {
        let known =
            try connection
            ?? {
                let made = try PostgresConnection(address)
                // Losing a beat in a crash of the server loses nothing.
                _ = try made.simple("SET synchronous_commit = off")
                return made
            }()
        connection = known
        do {
            return try known.answering(withinMilliseconds: 1_000) { try body(known) }
        } catch {
            letGo()
            throw error
        }
    }
}
