import Dispatch
import Scheduling
import Synchronization

/// What waits for the head's loop. Any thread posts; one thread takes.
final class Mailbox<Letter: Sendable>: Sendable {
    private struct State {
        var letters: [Stamped] = []
        var closed = false
    }

    /// A letter with the time it arrived, so that a slow turn does not make workers look silent.
    struct Stamped: Sendable {
        var letter: Letter
        var arrived: Instant
    }

    private let state = Mutex(State())
    private let signal = DispatchSemaphore(value: 0)

    /// Returns false when the loop has ended and nobody will take the letter.
    @discardableResult
    func post(_ letters: [Letter]) -> Bool {
        let now = MonotonicClock.now
        let (open, wasEmpty) = state.withLock { state in
            guard !state.closed else { return (false, false) }
            let wasEmpty = state.letters.isEmpty
            for letter in letters { state.letters.append(Stamped(letter: letter, arrived: now)) }
            return (true, wasEmpty)
        }
        if wasEmpty { signal.signal() }
        return open
    }

    /// Everything that waits, or nothing when `deadline` (at most half a second away) has come.
    func take(until deadline: Instant?) -> [Stamped] {
        let ready = takeAll()
        if !ready.isEmpty { return ready }
        let limit: Int64 = 500_000_000
        let wait = deadline.map { min(limit, max(0, $0.nanoseconds &- MonotonicClock.now.nanoseconds)) } ?? limit
        if wait > 0 { _ = signal.wait(timeout: .now() + .nanoseconds(Int(wait))) }
        return takeAll()
    }

    /// Refuses letters from now on and returns those that still waited.
    func close() -> [Letter] {
        state.withLock { state in
            state.closed = true
            defer { state.letters = [] }
            return state.letters.map(\.letter)
        }
    }

    private func takeAll() -> [Stamped] {
        state.withLock { state in
            guard !state.letters.isEmpty else { return [] }
            var taken: [Stamped] = []
            swap(&taken, &state.letters)
            return taken
        }
    }
}
