import Foundation
import Scheduling

/// Tells one running attempt to stop: set once, by any thread.
// Unchecked because every access to `isStopped` holds the condition's lock.
package final class StopFlag: @unchecked Sendable {
    private let condition = NSCondition()
    private var isStopped = false

    package init() {}

    package func set() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
    }

    package var isSet: Bool {
        condition.lock()
        defer { condition.unlock() }
        return isStopped
    }

    /// Waits until it is set, at most so long; returns whether it is.
    package func wait(milliseconds: Int64) -> Bool {
        let end = MonotonicClock.now.advanced(byMilliseconds: milliseconds)
        condition.lock()
        defer { condition.unlock() }
        while !isStopped {
            let left = end.nanoseconds &- MonotonicClock.now.nanoseconds
            if left <= 0 { break }
            _ = condition.wait(until: Date(timeIntervalSinceNow: Double(left) / 1e9))
        }
        return isStopped
    }
}
