/// A worker as readers see it.
package struct WorkerSnapshot: Sendable, Hashable {
    package var id: WorkerID
    package var capacity: Resources
    package var labels: [WorkerLabel]
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

/// Whether any worker could ever run a task with a certain demand.
package enum Satisfiability: Sendable, Hashable {
    case satisfiable
    /// No worker takes tasks at present.
    case noWorkers
    /// None of the workers has the labels.
    case noSuchLabels([LabelCondition])
    /// More than any worker with the right labels has; the choice and the worker of which least is missing.
    case tooLarge(asked: Resources, best: WorkerID, capacity: Resources)
    /// The members of a gang start together, and all workers have room for fewer.
    case tooFew(members: Int, slots: Int)
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
            id: state.id, capacity: state.capacity, labels: state.labels,
            inUse: state.inUse.resources(names: kinds[Int(state.kind)].names), assigned: Int(state.held),
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

    /// How many tasks with this demand the workers have room for in all, whatever runs there now.
    package func slots(of demand: Demand) -> Int {
        workerStates.reduce(0) { sum, worker in
            guard worker.isTaker, demand.accepts(worker.labels) else { return sum }
            let names = kinds[Int(worker.kind)].names
            let gpus = GPUs(count: Int(worker.capacity.milliGPU / 1_000))
            let counts = demand.choices.compactMap { Amounts($0, names: names) }.map { charge in
                worker.room.slots(of: charge, gpus: charge.milliGPU > 0 ? gpus.slots(of: Int32(charge.milliGPU)) : .max)
            }
            return sum + Int(counts.max() ?? 0)
        }
    }

    /// The workers of a task's gang in the order of its tasks, the task itself included; nil where one is on none.
    package func gangWorkers(of task: TaskID) -> [WorkerID?] {
        guard let slot = jobSlots[task.job], task.index >= 0 else { return [] }
        return gang(of: task.index, in: slot).map { index in
            guard let position = jobs[Int(slot)].tasks.position(of: index),
                jobs[Int(slot)].tasks.entries[position].state == .assigned
            else { return nil }
            return workerStates[Int(pool.slots[Int(jobs[Int(slot)].tasks.entries[position].link)].worker)].id
        }
    }

    /// Which of its demand's choices the task's current attempt asks for.
    package func choice(of task: TaskID) -> Int {
        guard let slot = jobSlots[task.job], let position = jobs[Int(slot)].tasks.position(of: task.index),
            jobs[Int(slot)].tasks.entries[position].state == .assigned
        else { return 0 }
        return Int(pool[jobs[Int(slot)].tasks.entries[position].link].choice)
    }

    /// Whether a task with this demand could run on any worker that takes tasks.
    package func satisfiability(of demand: Demand) -> Satisfiability {
        var (hasWorkers, hasLabels) = (false, false)
        var best: (lacking: Double, id: WorkerID, asked: Resources, capacity: Resources)?
        for worker in workerStates where worker.isTaker {
            hasWorkers = true
            guard demand.accepts(worker.labels) else { continue }
            hasLabels = true
            for asked in demand.choices {
                let lacking = asked.lacking(in: worker.capacity)
                if lacking == 0, demand.gang == 1 { return .satisfiable }
                if best.map({ (lacking, worker.id) < ($0.lacking, $0.id) }) ?? true {
                    best = (lacking, worker.id, asked, worker.capacity)
                }
            }
        }
        if demand.gang > 1, best?.lacking == 0 {
            let slots = slots(of: demand)
            return slots >= Int(demand.gang) ? .satisfiable : .tooFew(members: Int(demand.gang), slots: slots)
        }
        if let best { return .tooLarge(asked: best.asked, best: best.id, capacity: best.capacity) }
        return hasWorkers && !hasLabels ? .noSuchLabels(demand.conditions) : .noWorkers
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
