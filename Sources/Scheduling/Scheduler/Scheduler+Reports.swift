extension Scheduler {
    /// Answers each report, and draws its consequences.
    mutating func report(_ reports: [AttemptReport], from id: WorkerID) {
        let worker = workerSlots[id] ?? -1
        output.verdicts.reserveCapacity(reports.count)
        for report in reports { output.verdicts.append(decide(report, from: worker)) }
        guard worker >= 0 else { return }
        workerStates[Int(worker)].lastSeen = clock
        dismissIfIdle(worker)
        refresh(worker)
    }

    /// Whether a task that waits in the queue still has `attempt` as its latest: the one this head named last and has not
    /// decided, or any of an earlier head's as long as this one has not touched the task.
    func isLatest(_ attempt: Attempt, of entry: TaskEntry) -> Bool {
        guard entry.state == .ready, !entry.flags.contains(.spent) else { return false }
        if attempt.term == configuration.term { return entry.attempt == attempt.number && attempt.number > 0 }
        return attempt.term < configuration.term && entry.attempt == TaskEntry.untouched
    }

    /// Takes a task out of the queue because its latest attempt turned up. Its worker lives, so a death that was counted
    /// for this attempt did not happen.
    mutating func takeUp(_ slot: Int32, _ position: Int, _ entry: TaskEntry, _ attempt: Attempt) {
        lower(ready: 1, of: slot, care: care(of: entry, in: slot))
        var entry = entry
        if entry.flags.contains(.blamed) {
            entry.flags.remove(.blamed)
            entry.deaths -= 1
        }
        if entry.deaths == 0 { entry.flags.remove(.bereaved) }
        entry.attempt = attempt.term == configuration.term ? attempt.number : TaskEntry.adopted
        jobs[Int(slot)].tasks.entries[position] = entry
    }

    private mutating func decide(_ report: AttemptReport, from worker: Int32) -> Verdict {
        let name = report.attempt
        // It was told to stop this: whatever it reports frees its room and changes nothing else.
        if !detached.isEmpty, let slot = detached.removeValue(forKey: DetachedName(worker: worker, attempt: name)) {
            release(slot)
            return .fenced
        }
        guard let slot = jobSlots[name.task.job], let position = jobs[Int(slot)].tasks.position(of: name.task.index) else {
            return .fenced
        }
        let entry = jobs[Int(slot)].tasks.entries[position]
        if entry.state == .assigned {
            let assignment = entry.link
            guard pool[assignment].attempt == name.attempt else { return .fenced }
            let wasStopping = pool[assignment].bond == .stopping
            let wasRetracted = pool[assignment].isRetracted
            let holder = pool[assignment].worker
            release(assignment)
            // The process that ran it is gone, and the next one on its machine tells the result that it left there.
            if holder != worker {
                dismissIfIdle(holder)
                refresh(holder)
            }
            if wasRetracted, !wasStopping, report.outcome == .cancelled {
                jobs[Int(slot)].tasks.entries[position].flags.insert(.spent)
                return runAgain(slot, position, name.task.index) ? .retried : .fenced
            }
            return settle(slot, position, report, wasStopping: wasStopping)
        }
        guard isLatest(name.attempt, of: entry) else { return .fenced }
        takeUp(slot, position, entry, name.attempt)
        return settle(slot, position, report, wasStopping: false)
    }

    /// Decides a task by its current attempt, which no longer holds anything.
    private mutating func settle(_ slot: Int32, _ position: Int, _ report: AttemptReport, wasStopping: Bool) -> Verdict {
        jobs[Int(slot)].tasks.entries[position].flags.insert(.spent)
        let index = report.attempt.task.index
        switch report.outcome {
        case .succeeded:
            jobs[Int(slot)].learn(ranMicroseconds: report.ranMicroseconds)
            conclude(slot, position, index, .succeeded, by: report.attempt.attempt)
            return .accepted
        case .failed(retryable: false):
            conclude(slot, position, index, .failed, by: report.attempt.attempt)
            return .accepted
        case .failed(retryable: true):
            return fail(slot, position, index, by: report.attempt.attempt) ? .accepted : .retried
        case .cancelled where wasStopping:
            return fail(slot, position, index, by: report.attempt.attempt, .ranTooLong) ? .accepted : .retried
        case .cancelled:
            // Handed back by the worker on its own account: no failure, but a delay, so that it cannot go round at full speed.
            return delay(slot, position, index) ? .retried : .fenced
        }
    }

    /// Counts a failed attempt that may be retried; returns whether it was the last one.
    mutating func fail(
        _ slot: Int32, _ position: Int, _ index: Int32, by attempt: Attempt, _ cause: EndCause? = nil
    ) -> Bool {
        // A gang fails as a whole, so its first task counts for all.
        let counter = jobs[Int(slot)].tasks.position(of: gang(of: index, in: slot).lowerBound) ?? position
        let failures = jobs[Int(slot)].tasks.entries[counter].failures
        guard failures < max(jobs[Int(slot)].retry.maximum, 0), canRunAgain(index, in: slot) else {
            conclude(slot, position, index, .failed, by: attempt, cause)
            return true
        }
        jobs[Int(slot)].tasks.entries[counter].failures = failures + 1
        if counter != position { jobs[Int(slot)].tasks.entries[position].failures = failures + 1 }
        return !delay(slot, position, index)
    }

    /// Lets a task wait for its next attempt, and its gang with it; returns false when that cannot be, and it has failed.
    private mutating func delay(_ slot: Int32, _ position: Int, _ index: Int32) -> Bool {
        move(slot, position, to: .delayed)
        guard gatherGang(of: index, in: slot, as: .delayed) else {
            conclude(slot, position, index, .failed, by: nil, .gang)
            return false
        }
        let task = TaskID(job: jobs[Int(slot)].id, index: index)
        let failures = jobs[Int(slot)].tasks.entries[position].failures
        let milliseconds = jobs[Int(slot)].retry.delayMilliseconds(of: task, failures: failures)
        timers.arm(.delay(task, failures: failures), due: clock.advanced(byMilliseconds: milliseconds))
        return true
    }
}
