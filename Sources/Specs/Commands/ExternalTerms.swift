/// The terms on which programs outside the cluster work on a study: they ask for trials over HTTP and tell what came of them.
package struct ExternalTerms: Sendable, Hashable {
    /// How long a trial that was given stays its taker's without a sign of life; then it may be given to another.
    package var leaseMilliseconds: Int64

    static let usualLease: Int64 = 60_000
}

extension ExternalTerms {
    static func decode(_ cursor: Cursor) -> ExternalTerms? {
        guard let map = cursor.map(["lease"], what: "the terms of an external objective") else { return nil }
        let lease = map["lease"].map { $0.duration(1_000...30 * 86_400_000) } ?? usualLease
        return lease.map { ExternalTerms(leaseMilliseconds: $0) }
    }

    var json: JSONValue { .object(["lease": .string(Quantity.duration(leaseMilliseconds))]) }
}
