extension Scheduler {
    /// Does everything that is due.
    mutating func passTime() {
        while let reason = timers.next(dueAt: clock) {
            switch reason {
            case .lease(let worker, let incarnation): checkLease(worker, incarnation)
            case .delay(let task, let failures): endDelay(task, failures)
            case .timeout(let job): checkTimeouts(job)
            case .queuedLimit(let job, let indices): checkWaits(of: indices, in: job)
            case .totalLimit(let job, let indices): checkTotals(of: indices, in: job)
            case .stop: checkStops()
            case .recovery: break
            }
        }
    }

    private mutating func checkLease(_ id: WorkerID, _ incarnation: Int64) {
        guard let worker = workerSlots[id], workerStates[Int(worker)].incarnation == incarnation else { return }
        let due = workerStates[Int(worker)].lastSeen.advanced(byMilliseconds: configuration.leaseMilliseconds)
        if due > clock {
            timers.arm(.lease(id, incarnation: incarnation), due: due)
        } else {
            lose(worker, planned: false)
        }
    }

    private mutating func endDelay(_ task: TaskID, _ failures: Int32) {
        guard let slot = jobSlots[task.job], let position = jobs[Int(slot)].tasks.position(of: task.index) else { return }
        let entry = jobs[Int(slot)].tasks.entries[position]
        guard entry.state == .delayed, entry.failures == failures else { return }
        for index in gang(of: task.index, in: slot) {
            guard let member = jobs[Int(slot)].tasks.position(of: index), jobs[Int(slot)].tasks.entries[member].state == .delayed
            else { continue }
            makeReady(slot, member, index)
        }
    }

    /// Stops what has run too long. All attempts of a job have the same timeout, so the oldest is due first.
    private mutating func checkTimeouts(_ job: JobID) {
        guard let slot = jobSlots[job], let timeout = jobs[Int(slot)].timeout else { return }
        while jobs[Int(slot)].timed.oldest >= 0 {
            let oldest = jobs[Int(slot)].timed.oldest
            let due = Instant(nanoseconds: pool[oldest].since).advanced(byMilliseconds: timeout)
            guard due <= clock else {
                timers.arm(.timeout(job), due: due)
                return
            }
            pool.remove(oldest, from: &jobs[Int(slot)].timed)
            pool[oldest].bond = .stopping
            pool[oldest].stopReason = .timedOut
            pool[oldest].since = clock.nanoseconds
            pool.append(oldest, to: &stopping)
            output.commands.append(.stop(workerStates[Int(pool[oldest].worker)].id, pool[oldest].taskAttempt, .timedOut))
            armStop(oldest)
        }
        jobs[Int(slot)].isTimeoutArmed = false
    }

    private mutating func armStop(_ slot: Int32) {
        guard !isStopArmed else { return }
        isStopArmed = true
        let told = Instant(nanoseconds: pool[slot].since)
        timers.arm(.stop, due: told.advanced(byMilliseconds: configuration.stopGraceMilliseconds))
    }

    /// Abandons attempts whose worker did not report them in the grace after it was told to stop them.
    private mutating func checkStops() {
        isStopArmed = false
        while stopping.oldest >= 0 {
            let oldest = stopping.oldest
            let told = Instant(nanoseconds: pool[oldest].since)
            guard told.advanced(byMilliseconds: configuration.stopGraceMilliseconds) <= clock else {
                armStop(oldest)
                return
            }
            let assignment = pool[oldest]
            detach(oldest, telling: nil)
            jobs[Int(assignment.job)].tasks.entries[Int(assignment.position)].flags.insert(.spent)
            _ = fail(assignment.job, Int(assignment.position), assignment.task.index, by: assignment.attempt, .ranTooLong)
        }
    }

    // MARK: - Limits on waiting and on all of it

    /// From now on these tasks wait for nothing but room.
    mutating func limitWait(of indices: Range<Int32>, in slot: Int32) {
        guard let limit = jobs[Int(slot)].queuedLimit else { return }
        armWait(of: indices, in: slot, milliseconds: limit)
    }

    /// The hold that kept these tasks from waiting for room alone has ended.
    mutating func limitHeldWaits(in slot: Int32) {
        var held: [Range<Int32>] = []
        swap(&held, &jobs[Int(slot)].heldWaits)
        for indices in held { limitWait(of: indices, in: slot) }
    }

    private mutating func armWait(of indices: Range<Int32>, in slot: Int32, milliseconds: Int64) {
        jobs[Int(slot)].limitTimers += 1
        timers.arm(.queuedLimit(jobs[Int(slot)].id, indices), due: clock.advanced(byMilliseconds: milliseconds))
    }

    /// These tasks have been submitted now.
    mutating func limitTotal(of indices: Range<Int32>, in slot: Int32) {
        guard let limit = jobs[Int(slot)].totalLimit else { return }
        jobs[Int(slot)].limitTimers += 1
        timers.arm(.totalLimit(jobs[Int(slot)].id, indices), due: clock.advanced(byMilliseconds: limit))
    }

    private mutating func checkWaits(of indices: Range<Int32>, in job: JobID) {
        guard let slot = jobSlots[job], let limit = jobs[Int(slot)].queuedLimit else { return }
        jobs[Int(slot)].limitTimers -= 1
        // While something else than room is missing the time does not count; it begins anew when the hold ends.
        guard jobs[Int(slot)].holds.subtracting(.limit).isEmpty else {
            jobs[Int(slot)].heldWaits.append(indices)
            return
        }
        var isWaitingOnWorkers = false
        each(indices, of: slot) { scheduler, position, index in
            let entry = scheduler.jobs[Int(slot)].tasks.entries[position]
            guard !entry.flags.contains(.begun) else { return }
            switch entry.state {
            case .ready: scheduler.abandon(slot, position, index, stop: .timedOut, as: .failed, .queuedTooLong)
            case .assigned: isWaitingOnWorkers = true
            default: break
            }
        }
        // What waits on a worker may still be taken back; it is looked at again soon.
        if isWaitingOnWorkers { armWait(of: indices, in: slot, milliseconds: max(limit / 4, 100)) }
    }

    private mutating func checkTotals(of indices: Range<Int32>, in job: JobID) {
        guard let slot = jobSlots[job] else { return }
        jobs[Int(slot)].limitTimers -= 1
        each(indices, of: slot) { scheduler, position, index in
            scheduler.abandon(slot, position, index, stop: .timedOut, as: .failed, .tookTooLong)
        }
    }

    /// Forgets the timers of jobs that ended once they are the greater part, so that long limits of short jobs cost nothing.
    mutating func dropStaleTimers(of slot: Int32) {
        staleTimers += Int(jobs[Int(slot)].limitTimers)
        guard staleTimers > 1_024, staleTimers * 2 > timers.count else { return }
        staleTimers = 0
        let open = jobSlots
        timers.removeAll { reason in
            switch reason {
            case .queuedLimit(let job, _), .totalLimit(let job, _): open[job] == nil
            default: false
            }
        }
    }

    private mutating func each(_ indices: Range<Int32>, of slot: Int32, _ body: (inout Scheduler, Int, Int32) -> Void) {
        for part in jobs[Int(slot)].tasks.known(in: indices) {
            for index in part.indices { body(&self, Int(part.position + (index - part.indices.lowerBound)), index) }
        }
    }
}
