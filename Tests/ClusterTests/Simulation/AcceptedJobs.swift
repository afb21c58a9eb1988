import Synchronization

/// What the clients of a simulation were told: the number under which each of their keys was accepted.
final class AcceptedJobs: Sendable {
    private let state = Mutex<(ids: [String: Int64], conflict: String?)>(([:], nil))

    var ids: [String: Int64] { state.withLock { $0.ids } }
    /// Set when one key was accepted under two numbers.
    var conflict: String? { state.withLock { $0.conflict } }

    func add(_ uid: String, _ id: Int64) {
        state.withLock { state in
            if let known = state.ids[uid], known != id { state.conflict = "job \(uid) is \(known) and \(id)" }
            state.ids[uid] = id
        }
    }
}
