/// What a worker is to the scheduler.
enum WorkerPhase: UInt8, Sendable {
    /// The slot is free. Becomes `active` when a worker registers.
    case vacant
    /// Takes tasks. Becomes `draining` when a drain is asked for, `vacant` when its lease ends or it is gone.
    case active
    /// Finishes what it holds. Becomes `dismissed` when it holds nothing, `vacant` when its lease ends or it is gone.
    case draining
    /// Was told that nothing is left. Becomes `draining` when it registers with attempts, `vacant` when its lease ends or
    /// it is gone.
    case dismissed
}

/// A registered worker. The attempts it holds form a list in order of assignment: those that may be running come first,
/// then those that wait for them.
struct WorkerState: Sendable {
    var id: WorkerID
    /// Tells it from one of the same number that was lost before.
    var incarnation: Int64
    var phase: WorkerPhase = .active
    var capacity: Resources
    /// Sum of the charges of the attempts that may be running; never more than `capacity`.
    var inUse = Resources.zero
    var lastSeen: Instant
    /// First, last, and first waiting attempt of its list; -1 when there is none.
    var first: Int32 = -1
    var last: Int32 = -1
    var firstWaiting: Int32 = -1
    var held: Int32 = 0
    var waiting: Int32 = 0
    /// Attempts it holds of tasks that other workers died with, and among them those on their last chance.
    var careful: Int32 = 0
    var lastChances: Int32 = 0
    /// Whether it counts among those that take tasks.
    var isTaker = false
    /// Counts its registrations.
    var registration: Int32 = 0
    /// Where its room is indexed.
    var kind: Int32 = -1
    var leaf: Int32 = -1
    /// What this input assigns to it.
    var outgoing: [TaskAttempt] = []

    init(id: WorkerID, incarnation: Int64, capacity: Resources, now: Instant) {
        (self.id, self.incarnation, self.capacity, lastSeen) = (id, incarnation, capacity, now)
    }

    var free: Resources { capacity - inUse }
}
