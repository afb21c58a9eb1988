import Dispatch
import Scheduling
import Synchronization

/// Calls back what was begun a fixed time ago; who has ended meanwhile takes no notice. One timer serves all that wait, because a
/// timer for each would cost two changes of threads.
final class OverdueWatch: Sendable {
    private struct State {
        /// In order of their time.
        var waiting: [(due: Instant, body: @Sendable () -> Void)] = []
        var isArmed = false
    }

    private let patienceMilliseconds: Int64
    private let queue = DispatchQueue(label: "overdue")
    private let state = Mutex(State())

    init(patienceMilliseconds: Int64) { self.patienceMilliseconds = patienceMilliseconds }

    /// Calls `body` when the time is over.
    func watch(_ body: @escaping @Sendable () -> Void) {
        let isFirst = state.withLock { state in
            state.waiting.append((MonotonicClock.now.advanced(byMilliseconds: patienceMilliseconds), body))
            defer { state.isArmed = true }
            return !state.isArmed
        }
        if isFirst { arm(afterMilliseconds: patienceMilliseconds) }
    }

    private func arm(afterMilliseconds wait: Int64) {
        queue.asyncAfter(deadline: .now() + .milliseconds(Int(wait))) { [weak self] in self?.fire() }
    }

    private func fire() {
        let now = MonotonicClock.now
        let (due, next) = state.withLock { state in
            let due = state.waiting.prefix { $0.due <= now }
            state.waiting.removeFirst(due.count)
            state.isArmed = !state.waiting.isEmpty
            return (due, state.waiting.first?.due)
        }
        for entry in due { entry.body() }
        if let next { arm(afterMilliseconds: max(1, next.milliseconds(since: now))) }
    }
}
