/// Everything that waits for time, nearest first: one entry per worker, per job with timeouts and per run of tasks
/// submitted together with a limit, and one per task in backoff. An entry whose reason has gone is dropped, or armed again for later, when it comes up.
struct TimerQueue: Sendable {
    enum Reason: Sendable, Hashable {
        /// A worker may have lost its lease, if it is still the one that registered then.
        case lease(WorkerID, incarnation: Int64)
        /// A task's backoff ends, if it still has that many failures.
        case delay(TaskID, failures: Int32)
        /// The oldest running attempt of a job may be out of time.
        case timeout(JobID)
        /// The first attempt of these tasks has been waited for long enough.
        case queuedLimit(JobID, Range<Int32>)
        /// These tasks have had all the time they may take.
        case totalLimit(JobID, Range<Int32>)
        /// The oldest attempt that was told to stop may be out of grace.
        case stop
        /// Assignments may begin.
        case recovery
    }

    struct Timer: Sendable {
        var due: Instant
        var sequence: Int64
        var reason: Reason

        func precedes(_ other: Timer) -> Bool { due == other.due ? sequence < other.sequence : due < other.due }
    }

    private var heap: [Timer] = []
    private var sequence: Int64 = 0

    var first: Timer? { heap.first }
    var count: Int { heap.count }

    /// Drops the timers whose reason `isStale` names.
    mutating func removeAll(where isStale: (Reason) -> Bool) {
        heap.removeAll { isStale($0.reason) }
        // In order, which is a heap as well.
        heap.sort { $0.precedes($1) }
    }

    mutating func arm(_ reason: Reason, due: Instant) {
        sequence += 1
        let timer = Timer(due: due, sequence: sequence, reason: reason)
        heap.append(timer)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard timer.precedes(heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = timer
    }

    /// Takes off the nearest timer that is due at `now`.
    mutating func next(dueAt now: Instant) -> Reason? {
        guard let first = heap.first, first.due <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            var parent = 0
            while true {
                var child = 2 * parent + 1
                guard child < heap.count else { break }
                if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
                guard heap[child].precedes(last) else { break }
                heap[parent] = heap[child]
                parent = child
            }
            heap[parent] = last
        }
        return first.reason
    }
}
