/// How an assignment stands to its task.
enum Bond: UInt8, Sendable {
    /// It is the task's current attempt. Becomes `stopping` when its time is up, `detached` when the task ended or moved
    /// on; gone when it is reported or lost.
    case current
    /// Still current, but its worker was told to stop it because its time is up. Becomes `detached` when the worker does
    /// not report it within the grace; gone when it is reported or lost.
    case stopping
    /// Its task no longer cares; it only holds room on its worker. Gone when the worker reports it, registers without
    /// it, or is lost.
    case detached
}

/// One attempt that a worker holds: it may be running, or waits there behind others.
struct Assignment: Sendable {
    var task: TaskID
    var attempt: Attempt
    /// What it takes there.
    var charge: Amounts
    /// When it may have started to run, or was told to stop; nanoseconds.
    var since: Int64 = 0
    var worker: Int32
    /// The queue that pays for its room and the priority it was given with; -1 and 0 when its job is not known.
    var queue: Int32 = -1
    var priority: Int32 = 0
    var job: Int32
    var position: Int32
    /// Neighbours in its worker's order of assignment.
    var before: Int32 = -1
    var after: Int32 = -1
    /// Neighbours in the list of timeouts it is in.
    var older: Int32 = -1
    var newer: Int32 = -1
    /// The registration that confirmed it last.
    var confirmed: Int32 = 0
    var bond: Bond
    var care: Care
    /// Which of its job's choices it asks for.
    var choice: UInt8 = 0
    /// The GPUs that it may be using, as a set of bits.
    var gpus: UInt16 = 0
    /// Whether it fits its worker's capacity together with all before it: only then it may be running.
    var mayRun = false
    var isTimed = false
    /// Whether its worker was asked to give it back unless it has started.
    var isRetracted = false
    var stopReason: StopReason?

    /// Whether it could be taken back: it has not started and its task still waits for it.
    var isReclaimable: Bool { !mayRun && bond == .current && !isRetracted }

    /// Whether its worker has yet to answer that it gives it back.
    var isBeingRetracted: Bool { isRetracted && !mayRun && bond == .current }

    var detachedName: DetachedName { DetachedName(worker: worker, attempt: taskAttempt) }

    var taskAttempt: TaskAttempt { TaskAttempt(task: task, attempt: attempt) }
}

/// Names an assignment whose task no longer cares. The worker is part of it, for two may claim to hold the same attempt.
struct DetachedName: Hashable, Sendable {
    var worker: Int32
    var attempt: TaskAttempt
}

/// The two ends of a list that runs through the assignments' `older` and `newer`.
struct AssignmentList: Sendable {
    var oldest: Int32 = -1
    var newest: Int32 = -1
}

/// All assignments, in slots that are used again.
struct AssignmentPool: Sendable {
    private(set) var slots: [Assignment] = []
    private var free: [Int32] = []

    var count: Int { slots.count - free.count }

    subscript(slot: Int32) -> Assignment {
        get { slots[Int(slot)] }
        _modify { yield &slots[Int(slot)] }
    }

    mutating func insert(_ assignment: Assignment) -> Int32 {
        if let slot = free.popLast() {
            slots[Int(slot)] = assignment
            return slot
        }
        slots.append(assignment)
        return Int32(slots.count - 1)
    }

    mutating func remove(_ slot: Int32) {
        slots[Int(slot)].worker = -1
        free.append(slot)
    }

    mutating func append(_ slot: Int32, to list: inout AssignmentList) {
        slots[Int(slot)].older = list.newest
        slots[Int(slot)].newer = -1
        slots[Int(slot)].isTimed = true
        if list.newest >= 0 { slots[Int(list.newest)].newer = slot } else { list.oldest = slot }
        list.newest = slot
    }

    mutating func remove(_ slot: Int32, from list: inout AssignmentList) {
        let (older, newer) = (slots[Int(slot)].older, slots[Int(slot)].newer)
        if older >= 0 { slots[Int(older)].newer = newer } else { list.oldest = newer }
        if newer >= 0 { slots[Int(newer)].older = older } else { list.newest = older }
        slots[Int(slot)].older = -1
        slots[Int(slot)].newer = -1
        slots[Int(slot)].isTimed = false
    }
}
