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
    /// No worker is large enough; the one that has most of what is asked for.
    case tooLarge(asked: Resources, best: WorkerID, capacity: Resources)
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
        var best: (lacking: Double, worker: WorkerState)?
        var closest: (lacking: Double, worker: WorkerState)?
        var fitting = 0
        var open = 0
        for (slot, worker) in workerStates.enumerated() where worker.isTaker {
            let whole = job.charge.lacking(in: worker.capacity)
            if best.map({ (whole, worker.id) < ($0.lacking, $0.worker.id) }) ?? true { best = (whole, worker) }
            guard whole == 0 else { continue }
            fitting += 1
            if worker.waiting == 0, reservation?.worker != Int32(slot) { open += job.charge.fits(in: worker.free) ? 1 : 0 }
            let now = job.charge.lacking(in: worker.free)
            if closest.map({ (now, worker.id) < ($0.lacking, $0.worker.id) }) ?? true { closest = (now, worker) }
        }
        guard let best else { return [.noWorkers] }
        guard let closest else {
            return [.tooLarge(asked: job.charge, best: best.worker.id, capacity: best.worker.capacity)]
        }
        var reasons: [WaitingReason] = []
        let queue = queues[Int(job.queue)]
        if let quota = queue.quota, queue.room(for: job.charge) == 0 {
            let name = queueNumbers.first { $0.value == job.queue }?.key ?? QueueDefinition.standard
            reasons.append(.quota(queue: name, quota: quota, inUse: queue.inUse))
        }
        if open == 0 {
            let free = closest.worker.free
            reasons.append(
                closest.lacking > 0
                    ? .noRoom(asked: job.charge, workers: fitting, closest: closest.worker.id, free: free)
                    : .taken(workers: fitting))
            let ahead = tasksAhead(of: job)
            if ahead.tasks > 0 { reasons.append(.behind(tasks: ahead.tasks, jobs: ahead.jobs)) }
        }
        return reasons
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

extension Resources {
    /// How much of this is not there in `available`: the sum of the missing shares of cpu and memory, 0 when it fits.
    fileprivate func lacking(in available: Resources) -> Double {
        func share(_ asked: Int64, _ there: Int64) -> Double {
            asked > there ? Double(asked - max(there, 0)) / Double(max(asked, 1)) : 0
        }
        return share(milliCPU, available.milliCPU) + share(memory, available.memory)
    }
}
