/// A worker as readers see it.
package struct WorkerSnapshot: Sendable, Hashable {
    package var id: WorkerID
    package var capacity: Resources
    /// Sum over the tasks that may be running.
    package var inUse: Resources
    /// Attempts it holds, running or waiting.
    package var assigned: Int
    /// Whether it gets no more tasks.
    package var isDraining: Bool
    /// Since its last sign of life.
    package var silentMilliseconds: Int64
}

/// How many tasks of a job are where.
package struct TaskCounts: Sendable, Hashable {
    /// Ready to run, or in backoff.
    package var waiting = 0
    /// Waiting for other tasks.
    package var blocked = 0
    package var assigned = 0
    package var succeeded = 0
    package var failed = 0
    package var cancelled = 0
    package var quarantined = 0
    package init() {}
    package var total: Int { waiting + blocked + assigned + succeeded + failed + cancelled + quarantined }
}

/// Whether any worker could ever run a task that asks for so much.
package enum Satisfiability: Sendable, Hashable {
    case satisfiable
    /// No worker takes tasks at present.
    case noWorkers
    /// More than any worker has; the best candidate is the one that has most of what is asked for.
    case tooLarge(best: Resources)
}

extension Scheduler {
    /// All registered workers in order of their number.
    package var workers: [WorkerSnapshot] {
        workerStates.filter { $0.phase != .vacant }.sorted { $0.id < $1.id }.map(snapshot)
    }

    /// How many workers are registered.
    package var workerCount: Int { workerSlots.count }

    /// One worker; nil when it is not registered.
    package func worker(_ id: WorkerID) -> WorkerSnapshot? { workerSlots[id].map { snapshot(workerStates[Int($0)]) } }

    private func snapshot(_ state: WorkerState) -> WorkerSnapshot {
        WorkerSnapshot(
            id: state.id, capacity: state.capacity, inUse: state.inUse, assigned: Int(state.held),
            isDraining: state.phase != .active, silentMilliseconds: clock.milliseconds(since: state.lastSeen))
    }

    /// Whether the worker is registered. One that is not (its lease ended, or this head has just started) must register
    /// again before it is given anything; the head tells it so when it hears from it.
    package func knows(_ worker: WorkerID) -> Bool { workerSlots[worker] != nil }

    /// Nil when the job is unknown or has ended.
    package func counts(of job: JobID) -> TaskCounts? { jobSlots[job].map { TaskCounts(jobs[Int($0)].counts) } }

    /// Tasks of open jobs that no worker has and that are not over.
    package var queuedCount: Int {
        Int(
            totals[Int(TaskState.blocked.rawValue)] + totals[Int(TaskState.ready.rawValue)]
                + totals[Int(TaskState.delayed.rawValue)])
    }

    /// Tasks of open jobs that a worker has.
    package var assignedCount: Int { Int(totals[Int(TaskState.assigned.rawValue)]) }

    /// Mean run time of a job's attempts so far, nil until one succeeded.
    package func meanRunMicroseconds(of job: JobID) -> Int64? {
        guard let slot = jobSlots[job], jobs[Int(slot)].meanRunMicroseconds > 0 else { return nil }
        return jobs[Int(slot)].meanRunMicroseconds
    }

    /// Whether the task is one of an open job that the job's plan has added by now.
    package func hasTask(_ task: TaskID) -> Bool {
        jobSlots[task.job].map { jobs[Int($0)].tasks.position(of: task.index) != nil } ?? false
    }

    /// How many tasks that ask for `resources` the workers have room for in all, whatever runs there now.
    package func slots(of resources: Resources) -> Int {
        let charge = resources.asCharge
        return workerStates.reduce(0) { $0 + ($1.isTaker ? Int($1.capacity.slots(of: charge)) : 0) }
    }

    /// Whether a task that asks for `resources` could run on any worker that takes tasks.
    package func satisfiability(of resources: Resources) -> Satisfiability {
        let charge = resources.asCharge
        var best: (share: Double, id: WorkerID, capacity: Resources)?
        for state in workerStates where state.isTaker {
            if charge.fits(in: state.capacity) { return .satisfiable }
            let share =
                min(
                    Double(state.capacity.milliCPU) / Double(charge.milliCPU), 1)
                + min(Double(state.capacity.memory) / Double(max(charge.memory, 1)), 1)
            if let best, best.share > share || (best.share == share && best.id < state.id) { continue }
            best = (share, state.id, state.capacity)
        }
        guard let best else { return .noWorkers }
        return .tooLarge(best: best.capacity)
    }
}

extension TaskCounts {
    init(_ counts: SIMD8<Int32>) {
        waiting = Int(counts[Int(TaskState.ready.rawValue)]) + Int(counts[Int(TaskState.delayed.rawValue)])
        blocked = Int(counts[Int(TaskState.blocked.rawValue)])
        assigned = Int(counts[Int(TaskState.assigned.rawValue)])
        succeeded = Int(counts[Int(TaskState.succeeded.rawValue)])
        failed = Int(counts[Int(TaskState.failed.rawValue)])
        cancelled = Int(counts[Int(TaskState.cancelled.rawValue)])
        quarantined = Int(counts[Int(TaskState.quarantined.rawValue)])
    }
}
