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
    /// In order.
    var labels: [WorkerLabel]
    /// Its capacity in the numbers of its kind, and what the attempts that may be running take of it; never more.
    var room = Amounts.zero
    var inUse = Amounts.zero
    var gpus = GPUs(count: 0)
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
    /// Whether it is kept free for a class that found no room.
    var isReserved = false
    /// Whether it counts among those that take tasks.
    var isTaker = false
    /// Counts its registrations.
    var registration: Int32 = 0
    /// Where its room is indexed.
    var kind: Int32 = -1
    var leaf: Int32 = -1
    /// Whether it is listed as one that may have got room since classes were found to be stuck.
    var isFresh = false
    /// The numbers of the datasets that it holds, and the one it was last given a task for.
    var datasets: [Int32] = []
    var lastDataset: Int32 = -1
    /// What this input assigns to it.
    var outgoing: [TaskAttempt] = []

    init(id: WorkerID, incarnation: Int64, now: Instant) {
        (self.id, self.incarnation, lastSeen) = (id, incarnation, now)
        (capacity, labels) = (.zero, [])
    }

    /// What is left for attempts that start now.
    var free: Amounts {
        var free = room
        free -= inUse
        if capacity.milliGPU > 0 { (free.wholeGPUs, free.partGPU) = (gpus.whole, gpus.part) }
        return free
    }

    /// How many tasks that are charged `charge` find room now, side by side.
    func slots(of charge: Amounts) -> Int32 {
        let free = free
        return free.slots(of: charge, gpus: charge.milliGPU > 0 ? gpus.slots(of: Int32(charge.milliGPU)) : .max)
    }
}
