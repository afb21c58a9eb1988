/// Why a job's tasks are where they are.
package struct Explanation: Sendable, Hashable {
    package var counts: TaskCounts
    /// Ready tasks: nothing but what `reasons` name keeps them from running.
    package var ready: Int
    /// What keeps tasks waiting, the most binding first; empty when nothing waits, or what waits is about to be given.
    package var reasons: [WaitingReason]
    package init(counts: TaskCounts, ready: Int, reasons: [WaitingReason]) {
        (self.counts, self.ready, self.reasons) = (counts, ready, reasons)
    }
}

package enum WaitingReason: Sendable, Hashable {
    /// The head has just started and waits for workers to say what they still run.
    case recovering(milliseconds: Int64)
    case paused
    /// The job waits for other jobs.
    case jobs
    /// Workers hold as many of its attempts as its own limit allows.
    case runningLimit(Int32)
    case noWorkers
    /// No worker has the labels that its tasks need.
    case noSuchLabels([LabelCondition])
    /// No worker is large enough; the one that has most of what is asked for.
    case tooLarge(asked: Resources, best: WorkerID, capacity: Resources)
    /// The workers are too small together for a gang, whatever runs there.
    case tooFew(members: Int, slots: Int)
    /// The members of a gang start together; workers have room for so many now.
    case gang(members: Int, slots: Int)
    /// The queue has no room left in its quota for one more.
    case quota(queue: String, quota: Resources, inUse: Resources)
    /// Workers are large enough but busy: how many, and the one that lacks least.
    case noRoom(asked: Resources, workers: Int, closest: WorkerID, free: Resources)
    /// Workers have that much free, but other tasks wait there, or room is kept there for others.
    case taken(workers: Int)
    /// Tasks of other jobs that go first: by priority, deadline or age.
    case behind(tasks: Int, jobs: Int)
    /// Tasks that wait for tasks of the same job.
    case tasks(Int)
    /// Tasks that wait for the delay after a failed attempt.
    case backoff(Int)
}

extension Scheduler {
    /// Nil when the job is unknown or has ended. Looks at every worker and every waiting range; not for every turn.
    package func explain(_ id: JobID) -> Explanation? {
        guard let slot = jobSlots[id] else { return nil }
        let job = jobs[Int(slot)]
        let ready = Int(job.counts[Int(TaskState.ready.rawValue)])
        var reasons: [WaitingReason] = []
        if ready > 0 {
            if job.holds.contains(JobState.Holds(.paused)) { reasons.append(.paused) }
            if job.holds.contains(JobState.Holds(.dependencies)) { reasons.append(.jobs) }
            if job.holds.contains(.limit) { reasons.append(.runningLimit(job.runningLimit)) }
            if clock < assignsFrom { reasons.append(.recovering(milliseconds: assignsFrom.milliseconds(since: clock))) }
            reasons += roomReasons(job)
        }
        let blocked = Int(job.counts[Int(TaskState.blocked.rawValue)])
        if blocked > 0 { reasons.append(.tasks(blocked)) }
        let delayed = Int(job.counts[Int(TaskState.delayed.rawValue)])
        if delayed > 0 { reasons.append(.backoff(delayed)) }
        return Explanation(counts: TaskCounts(job.counts), ready: ready, reasons: reasons)
    }

    private func roomReasons(_ job: JobState) -> [WaitingReason] {
        let demand = demands[Int(job.demand)].demand
        switch satisfiability(of: demand) {
        case .noWorkers: return [.noWorkers]
        case .noSuchLabels(let conditions): return [.noSuchLabels(conditions)]
        case .tooFew(let members, let slots): return [.tooFew(members: members, slots: slots)]
        case .tooLarge(let asked, let best, let capacity): return [.tooLarge(asked: asked, best: best, capacity: capacity)]
        case .satisfiable: break
        }
        var reasons: [WaitingReason] = []
        let queue = queues[Int(job.queue)]
        if let quota = queue.quota, demand.choices.allSatisfy({ queue.room(for: Amounts(unnamed: $0)) == 0 }) {
            let name = queueNumbers.first { $0.value == job.queue }?.key ?? QueueDefinition.standard
            reasons.append(.quota(queue: name, quota: quota, inUse: queue.inUse))
        }
        let room = room(for: demand)
        if room.slots < Int(demand.gang), let closest = room.closest {
            if demand.gang > 1 { reasons.append(.gang(members: Int(demand.gang), slots: room.slots)) }
            reasons.append(
                closest.lacking > 0
                    ? .noRoom(asked: closest.asked, workers: room.fitting, closest: closest.id, free: closest.free)
                    : .taken(workers: room.fitting))
            let ahead = tasksAhead(of: job)
            if ahead.tasks > 0 { reasons.append(.behind(tasks: ahead.tasks, jobs: ahead.jobs)) }
        }
        return reasons
    }

    /// What the workers have for a demand now: how many tasks they could be given, how many are large enough, and which of those
    /// lacks least.
    private func room(
        for demand: Demand
    ) -> (slots: Int, fitting: Int, closest: (lacking: Double, id: WorkerID, asked: Resources, free: Resources)?) {
        var (slots, fitting) = (0, 0)
        var closest: (lacking: Double, id: WorkerID, asked: Resources, free: Resources)?
        for worker in workerStates where worker.isTaker && demand.accepts(worker.labels) {
            let names = kinds[Int(worker.kind)].names
            let choices = demand.choices.filter { $0.fits(in: worker.capacity) }
            fitting += choices.isEmpty ? 0 : 1
            for asked in choices {
                var free = worker.free.resources(names: names)
                // Of GPUs in parts only the largest part counts.
                free.milliGPU = Int64(asked.milliGPU >= 1_000 ? worker.free.wholeGPUs : worker.free.partGPU)
                let lacking = asked.lacking(in: free)
                if lacking == 0, worker.waiting == 0, !worker.isReserved {
                    slots += Int(worker.slots(of: Amounts(asked, names: names) ?? .tooMuch))
                }
                if closest.map({ (lacking, worker.id) < ($0.lacking, $0.id) }) ?? true {
                    closest = (lacking, worker.id, asked, free)
                }
            }
        }
        return (slots, fitting, closest)
    }

    /// Ready tasks of jobs that come before this one in its queue.
    private func tasksAhead(of job: JobState) -> (tasks: Int, jobs: Int) {
        var (tasks, count) = (0, 0)
        for other in jobs where other.isOpen && other.queue == job.queue && other.holds.isEmpty && other.id != job.id {
            let ready = Int(other.ready.wrappedSum())
            let goesFirst = (-Int64(other.priority), other.deadline, other.id) < (-Int64(job.priority), job.deadline, job.id)
            guard ready > 0, goesFirst else { continue }
            tasks += ready
            count += 1
        }
        return (tasks, count)
    }
}
