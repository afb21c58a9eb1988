package import Scheduling

/// Decides when a head that stands by takes over: a value, told what it sees and when.
///
/// The lock of the working head falls when its connection ends, which is at once when its process dies; then a beat may
/// still be missing for a moment before it counts as gone. A head that hangs keeps its lock, and is given longer. Time in
/// which the store did not answer counts for nobody.
package struct StandbyWatch: Sendable {
    package enum Verdict: Sendable, Hashable {
        case wait
        /// The head whose lock this process got by chance is alive: let go of it.
        case letGo
        case takeOver
    }

    /// How long a head whose connection is gone may be without a beat; several times the pause between two.
    package static let goneMilliseconds: Int64 = 700
    /// How long a head may hang.
    private let hangMilliseconds: Int64
    private var sign: Sign?
    private var seen: Instant?
    /// Whether a beat was seen since the store last failed to answer.
    private var isSteady = false

    /// What changes with every sign of life.
    package struct Sign: Sendable, Hashable {
        package var term: Int64
        package var beat: Int64
        package init(term: Int64, beat: Int64) { (self.term, self.beat) = (term, beat) }
    }

    package init(hangMilliseconds: Int64) { self.hangMilliseconds = max(hangMilliseconds, Self.goneMilliseconds) }

    /// The store shows `sign`; `holdsLock` says that no other head's connection is open.
    package mutating func saw(_ sign: Sign, holdsLock: Bool, at now: Instant) -> Verdict {
        guard let before = self.sign, let seen else {
            (self.sign, self.seen) = (sign, now)
            return .wait
        }
        if sign != before {
            (self.sign, self.seen) = (sign, now)
            isSteady = true
            return holdsLock ? .letGo : .wait
        }
        let patience = holdsLock && isSteady ? Self.goneMilliseconds : hangMilliseconds
        return now.milliseconds(since: seen) >= patience ? .takeOver : .wait
    }

    /// The store did not answer, so nothing is known of the head.
    package mutating func sawNothing() {
        seen = nil
        sign = nil
        isSteady = false
    }
}
