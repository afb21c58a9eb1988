/// Where a task stands. This is the specification of a task's life.
enum TaskState: UInt8, Sendable {
    /// Waits for tasks it depends on. Becomes `ready` when the last of them succeeded, `cancelled` when one of them ended
    /// otherwise or the job ended.
    case blocked
    /// Waits for room on a worker. Becomes `assigned` when a worker is given it or turns out to hold its latest attempt,
    /// terminal when its latest attempt is reported although its worker was lost, `cancelled` when the job ended.
    case ready
    /// Waits for its backoff after a failed attempt. Becomes `ready` on the tick that ends the delay, `cancelled` when the
    /// job ended.
    case delayed
    /// A worker has its current attempt, running or about to. Becomes `succeeded` or `failed` by that attempt's report,
    /// `delayed` when the attempt failed and may be retried, `ready` when the attempt is lost with its worker or in
    /// transit, `quarantined` when it is lost with one worker too many, `cancelled` when the job ended.
    case assigned
    /// Terminal: the current attempt delivered a result.
    case succeeded
    /// Terminal: an attempt failed for good, or the last allowed one failed or ran out of time.
    case failed
    /// Terminal: too many workers died while they may have been running it.
    case quarantined
    /// Terminal: the job ended first, or a task it depends on did not succeed.
    case cancelled

    var isTerminal: Bool { rawValue >= TaskState.succeeded.rawValue }

    init(_ end: TaskEnd) {
        switch end {
        case .succeeded: self = .succeeded
        case .failed: self = .failed
        case .quarantined: self = .quarantined
        case .cancelled: self = .cancelled
        }
    }
}

/// How gently a task must be placed, because workers died while they held it.
enum Care: UInt8, Sendable, CaseIterable {
    /// Nothing is known against it.
    case none
    /// A worker died while it held this task: it is given only when it can start at once, and nothing is queued behind it,
    /// so the next death says more about who is to blame.
    case careful
    /// One more death quarantines it: besides, a worker holds at most one such task, so a poison task takes no innocent
    /// one with it.
    case lastChance
}

/// One task, in 24 bytes.
struct TaskEntry: Sendable {
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        /// The latest attempt is decided: its name can no longer be taken up again.
        static let spent = Flags(rawValue: 1)
        /// The latest attempt was lost by a death that counted in `deaths`; taken back when that worker proves alive.
        static let blamed = Flags(rawValue: 2)
        /// An attempt was lost with its worker at least once.
        static let bereaved = Flags(rawValue: 4)
        /// An attempt of it may have run.
        static let begun = Flags(rawValue: 8)
    }

    /// `attempt` of a task that this head has not touched.
    static let untouched: Int64 = 0
    /// `attempt` of a task whose latest attempt was named by an earlier head and adopted.
    static let adopted: Int64 = -1
    /// `link` of a blocked task whose dependencies are not known yet.
    static let unresolved: Int32 = -1

    var state: TaskState
    var flags: Flags = []
    /// Worker deaths that count against it.
    var deaths: UInt16 = 0
    /// Attempts that failed and were or may be retried.
    var failures: Int32 = 0
    /// The assignment's slot when `assigned`, the gate it waits at when `blocked`.
    var link: Int32 = TaskEntry.unresolved
    /// Number of the latest attempt that this head named.
    var attempt: Int64 = TaskEntry.untouched

    func care(deathsToQuarantine limit: Int32) -> Care {
        guard flags.contains(.bereaved) else { return .none }
        return Int32(deaths) + 1 >= limit ? .lastChance : .careful
    }
}
