/// What a worker holds, and which part of it may be running.
extension Scheduler {
    /// Puts an attempt at the end of a worker's list.
    mutating func attach(_ assignment: Assignment, to worker: Int32) -> Int32 {
        let slot = pool.insert(assignment)
        if assignment.isReclaimable { waiting.add(assignment.priority, 1) }
        let last = workerStates[Int(worker)].last
        pool[slot].before = last
        if last >= 0 { pool[last].after = slot } else { workerStates[Int(worker)].first = slot }
        workerStates[Int(worker)].last = slot
        workerStates[Int(worker)].held += 1
        workerStates[Int(worker)].waiting += 1
        if workerStates[Int(worker)].firstWaiting < 0 { workerStates[Int(worker)].firstWaiting = slot }
        count(assignment.care, on: worker, by: 1)
        advance(worker)
        return slot
    }

    /// Takes an attempt out of its worker's list, which lets those that wait behind it move up.
    mutating func release(_ slot: Int32) {
        untime(slot)
        let assignment = pool[slot]
        let worker = assignment.worker
        if assignment.before >= 0 {
            pool[assignment.before].after = assignment.after
        } else {
            workerStates[Int(worker)].first = assignment.after
        }
        if assignment.after >= 0 {
            pool[assignment.after].before = assignment.before
        } else {
            workerStates[Int(worker)].last = assignment.before
        }
        if assignment.mayRun {
            workerStates[Int(worker)].inUse -= assignment.charge
            workerStates[Int(worker)].gpus.give(back: assignment.gpus, assignment.charge.milliGPU)
            charge(assignment, by: -1)
        } else {
            workerStates[Int(worker)].waiting -= 1
            if workerStates[Int(worker)].firstWaiting == slot { workerStates[Int(worker)].firstWaiting = assignment.after }
        }
        workerStates[Int(worker)].held -= 1
        count(assignment.care, on: worker, by: -1)
        drop(slot)
        advance(worker)
    }

    /// Forgets an assignment that is in no list any more.
    mutating func drop(_ slot: Int32) {
        if pool[slot].isReclaimable { waiting.add(pool[slot].priority, -1) }
        if pool[slot].isBeingRetracted { retractions -= 1 }
        pool.remove(slot)
    }

    /// Changes what decides whether an assignment could be taken back.
    mutating func change(_ slot: Int32, _ body: (inout Assignment) -> Void) {
        let (was, wasAsked) = (pool[slot].isReclaimable, pool[slot].isBeingRetracted)
        body(&pool[slot])
        let (isNow, isAsked) = (pool[slot].isReclaimable, pool[slot].isBeingRetracted)
        if was != isNow { waiting.add(pool[slot].priority, isNow ? 1 : -1) }
        if wasAsked != isAsked { retractions += isAsked ? 1 : -1 }
    }

    /// Counts what an attempt that may run uses of its queue's share.
    mutating func charge(_ assignment: Assignment, by sign: Int64) {
        guard assignment.queue >= 0 else { return }
        queues[Int(assignment.queue)].use(assignment.charge, times: sign)
    }

    /// Lets waiting attempts run, in order, as far as the capacity goes: the same rule by which the worker starts them.
    mutating func advance(_ worker: Int32) {
        while true {
            let slot = workerStates[Int(worker)].firstWaiting
            guard slot >= 0, pool[slot].charge.fits(in: workerStates[Int(worker)].free) else { return }
            let taken = pool[slot].charge
            let gpus = taken.milliGPU > 0 ? workerStates[Int(worker)].gpus.take(taken.milliGPU) ?? 0 : 0
            change(slot) { ($0.mayRun, $0.gpus) = (true, gpus) }
            charge(pool[slot], by: 1)
            workerStates[Int(worker)].inUse += taken
            workerStates[Int(worker)].waiting -= 1
            workerStates[Int(worker)].firstWaiting = pool[slot].after
            if pool[slot].bond == .current {
                jobs[Int(pool[slot].job)].tasks.entries[Int(pool[slot].position)].flags.insert(.begun)
                pool[slot].since = clock.nanoseconds
                time(slot)
            }
        }
    }

    /// Breaks the bond of an assignment with its task; it goes on to hold room until its worker reports it.
    mutating func detach(_ slot: Int32, telling reason: StopReason?) {
        untime(slot)
        change(slot) { $0.bond = .detached }
        detached[pool[slot].detachedName] = slot
        if let reason {
            pool[slot].stopReason = reason
            guard workerStates[Int(pool[slot].worker)].phase != .vacant else { return }
            output.commands.append(.stop(workerStates[Int(pool[slot].worker)].id, pool[slot].taskAttempt, reason))
        }
    }

    /// Starts the timeout of an attempt that may be running.
    private mutating func time(_ slot: Int32) {
        let job = Int(pool[slot].job)
        guard let timeout = jobs[job].timeout else { return }
        pool.append(slot, to: &jobs[job].timed)
        guard !jobs[job].isTimeoutArmed else { return }
        jobs[job].isTimeoutArmed = true
        timers.arm(.timeout(jobs[job].id), due: clock.advanced(byMilliseconds: timeout))
    }

    /// Takes an attempt out of the list of timeouts it is in.
    mutating func untime(_ slot: Int32) {
        guard pool[slot].isTimed else { return }
        if pool[slot].bond == .stopping {
            pool.remove(slot, from: &stopping)
        } else {
            pool.remove(slot, from: &jobs[Int(pool[slot].job)].timed)
        }
    }

    private mutating func count(_ care: Care, on worker: Int32, by change: Int32) {
        guard care != .none else { return }
        workerStates[Int(worker)].careful += change
        if care == .lastChance { workerStates[Int(worker)].lastChances += change }
    }
}
