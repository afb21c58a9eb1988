/// The order of messages between a worker and its head.
///
/// ZeroMQ keeps the order of what it delivers, but a broken connection or a full queue swallows messages without a word.
/// So every message carries its session and its number in it. The worker opens a session, numbered upwards, by
/// registering; both sides count their messages from there, heartbeats and their answers included. A number that is
/// missing shows that something was lost, with the next heartbeat at the latest, and the worker registers again: the
/// inventory settles what arrived and what did not.
package struct SessionInbox: Sendable, Hashable {
    package enum Acceptance: Sendable, Hashable {
        /// The next message: handle it.
        case inOrder
        /// A repeated message or one of an older session: drop it.
        case stale
        /// Something before it is missing, or the session is unknown here: drop it, and open a new session (a worker) or
        /// ask for one (a head). Told for every such message; asking is idempotent.
        case gap
    }

    /// The session it listens to; none at first.
    package private(set) var session: Int64?
    private var expected: Int64 = 0

    package init() {}

    /// Listens to `session` from its first message on, unless it has heard of a later one.
    package mutating func open(_ session: Int64) -> Acceptance {
        if let current = self.session, session <= current { return .stale }
        self.session = session
        expected = 0
        return .inOrder
    }

    /// Judges a message by its marks.
    package mutating func accept(session: Int64, sequence: Int64) -> Acceptance {
        guard let current = self.session, session <= current else { return .gap }
        if session < current || sequence < expected { return .stale }
        guard sequence == expected else { return .gap }
        expected &+= 1
        return .inOrder
    }
}

/// Numbers the messages sent in a session.
package struct SessionOutbox: Sendable, Hashable {
    package private(set) var session: Int64
    private var sent: Int64 = 0

    package init(session: Int64) { self.session = session }

    /// The marks of the next message.
    package mutating func next() -> (session: Int64, sequence: Int64) {
        defer { sent &+= 1 }
        return (session, sent)
    }
}
