import Dispatch
import Scheduling

/// What the head's loop takes from outside besides letters, store and transport: the time, and somebody who does what it does not
/// wait for. A simulation has its own.
struct HeadSurroundings: Sendable {
    var now: @Sendable () -> Instant
    /// Has the work done soon, one piece after the other.
    var later: @Sendable (@escaping @Sendable () -> Void) -> Void

    /// This process's clock and a thread.
    static var process: HeadSurroundings {
        let writer = DispatchQueue(label: "journal")
        return HeadSurroundings(now: { MonotonicClock.now }, later: { work in writer.async { work() } })
    }
}
