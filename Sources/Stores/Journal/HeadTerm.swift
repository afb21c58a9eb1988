import Synchronization

/// The term this process holds as the head, shared by its journal and its registry so that both are fenced together.
package final class HeadTerm: Sendable {
    private let value = Mutex<Int64?>(nil)

    package init() {}

    /// Nil in a process that is no head, whose writes are not fenced.
    package var current: Int64? { value.withLock { $0 } }

    func set(_ term: Int64) { value.withLock { $0 = term } }

    /// Throws `E_FENCED_HEAD` when the database knows another term than `term`. The row stays locked until the
    /// transaction ends, so the term cannot be raised in between.
    static func check(_ term: Int64, _ transaction: any SQLTransaction) throws {
        let row = try transaction.query("SELECT term, holder FROM head_lease WHERE id = 1\(transaction.dialect.forShare)").first
        guard let row else { throw StoreError(.corrupt, "the head lease is missing", hint: "restore the database from a backup") }
        let stored = try row.int("term")
        guard stored == term else { throw fenced(term, stored, by: try row.text("holder")) }
    }

    static func fenced(_ term: Int64, _ stored: Int64, by holder: String) -> StoreError {
        StoreError(
            .fencedHead,
            "this head's term \(term) is over: the database has term \(stored)\(holder.isEmpty ? "" : ", raised by \(holder)")",
            hint: "another head has taken over; this one must stop")
    }
}
