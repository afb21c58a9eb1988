extension Scheduler {
    mutating func submit(_ submission: JobSubmission) {
        guard jobSlots[submission.job] == nil, !endedJobs.contains(submission.job) else { return }
        let slot: Int32
        let state = JobState(
            submission, queue: queueNumber(submission.queue), demand: demandNumber(submission.demand),
            dataset: submission.dataset.map { datasetNumber($0) } ?? -1)
        if let free = freeJobSlots.popLast() {
            slot = free
            jobs[Int(slot)] = state
        } else {
            slot = Int32(jobs.count)
            jobs.append(state)
        }
        jobSlots[submission.job] = slot
    }

    mutating func append(_ batches: [TaskBatch], to job: JobID) {
        guard let slot = jobSlots[job] else { return }
        var dependents: [(index: Int32, dependencies: Range<Int32>)] = []
        for batch in batches {
            switch batch {
            case .range(let range):
                for inserted in insert(range, as: .ready, into: slot) {
                    enqueue(inserted, of: slot, care: .none)
                    lift(ready: inserted.count, of: slot, care: .none)
                    limitWait(of: inserted, in: slot)
                    limitTotal(of: inserted, in: slot)
                }
            case .dependent(let index, let dependencies):
                guard index < .max, jobs[Int(slot)].gang == 1, !insert(index..<index + 1, as: .blocked, into: slot).isEmpty else {
                    continue
                }
                dependents.append((index, dependencies))
                limitTotal(of: index..<index + 1, in: slot)
            }
        }
        // In ascending order, and with those still to come not counted, no ring of dependencies can form.
        dependents.sort { $0.index < $1.index }
        var last: (dependencies: Range<Int32>, gate: Int32)?
        for dependent in dependents {
            let gate: Int32
            if let last, last.dependencies == dependent.dependencies {
                gate = last.gate
            } else {
                let (made, isShareable) = addGate(for: dependent.index, over: dependent.dependencies, in: slot)
                gate = made
                last = isShareable ? (dependent.dependencies, made) : nil
            }
            hold(dependent.index, at: gate, of: slot)
        }
    }

    mutating func restore(_ tasks: [RestoredTask], of job: JobID) {
        guard let slot = jobSlots[job] else { return }
        // All of them are over before any consequence is drawn: what depends on them may be listed as well.
        var restored: [RestoredTask] = []
        for task in tasks {
            guard let position = jobs[Int(slot)].tasks.position(of: task.index) else { continue }
            let entry = jobs[Int(slot)].tasks.entries[position]
            if entry.state.isTerminal { continue }
            leave(slot, position, entry, stop: .fenced)
            move(slot, position, to: task.succeeded ? .succeeded : .failed)
            restored.append(task)
        }
        for task in restored { settleDependents(of: task.index, in: slot, succeeded: task.succeeded) }
    }

    /// Ends the job: every task that is not over is cancelled, running attempts are told to stop.
    mutating func end(_ job: JobID, _ cause: EndCause) {
        guard let slot = jobSlots[job] else { return }
        let segments = jobs[Int(slot)].tasks.segments
        for segment in segments {
            for offset in 0..<segment.count {
                let position = Int(segment.position + offset)
                let entry = jobs[Int(slot)].tasks.entries[position]
                if entry.state.isTerminal { continue }
                leave(slot, position, entry, stop: .cancelled)
                move(slot, position, to: .cancelled)
                let task = TaskID(job: job, index: segment.first + offset)
                output.ended.append(EndedTask(task: task, end: .cancelled, attempt: nil, cause: cause))
            }
        }
        totals = totals &- SIMD8<Int64>(truncatingIfNeeded: jobs[Int(slot)].counts)
        for care in 0..<3 where jobs[Int(slot)].classes[care] >= 0 {
            let number = Int(jobs[Int(slot)].classes[care])
            classes[number].jobs -= 1
            classes[number].stale += 1
            tidy(classAt: Int32(number), withoutJob: job)
        }
        dropDemand(jobs[Int(slot)].demand)
        jobs[Int(slot)].isOpen = false
        jobs[Int(slot)].tasks = TaskTable()
        jobs[Int(slot)].gates = DependencyGates()
        jobs[Int(slot)].shelf = []
        jobSlots[job] = nil
        dropStaleTimers(of: slot)
        freeJobSlots.append(slot)
        endedJobs.insert(job)
    }

    /// Cancels those of a job's tasks that are not over.
    mutating func cancel(_ ranges: [Range<Int32>], of job: JobID) {
        guard let slot = jobSlots[job] else { return }
        for range in ranges {
            for part in jobs[Int(slot)].tasks.known(in: range) {
                for index in part.indices {
                    let position = Int(part.position + (index - part.indices.lowerBound))
                    abandon(slot, position, index, stop: .cancelled, as: .cancelled, .asked)
                }
            }
        }
    }

    /// Ends a task, wherever it is, by no report of its own; nothing when it is over.
    mutating func abandon(
        _ slot: Int32, _ position: Int, _ index: Int32, stop reason: StopReason, as end: TaskEnd, _ cause: EndCause
    ) {
        let entry = jobs[Int(slot)].tasks.entries[position]
        guard !entry.state.isTerminal else { return }
        leave(slot, position, entry, stop: reason)
        conclude(slot, position, index, end, by: nil, cause)
    }

    // MARK: - Tasks

    /// Moves a task from one state to the next. Nothing else writes a state.
    mutating func move(_ slot: Int32, _ position: Int, to state: TaskState) {
        let old = jobs[Int(slot)].tasks.entries[position].state
        jobs[Int(slot)].tasks.entries[position].state = state
        jobs[Int(slot)].counts[Int(old.rawValue)] -= 1
        jobs[Int(slot)].counts[Int(state.rawValue)] += 1
        totals[Int(old.rawValue)] -= 1
        totals[Int(state.rawValue)] += 1
        if old == .assigned || state == .assigned { mindRunningLimit(of: slot) }
    }

    /// Takes a task out of where it is, before it moves to a terminal state by something other than its attempt's end.
    mutating func leave(_ slot: Int32, _ position: Int, _ entry: TaskEntry, stop reason: StopReason) {
        switch entry.state {
        case .ready: lower(ready: 1, of: slot, care: care(of: entry, in: slot))
        case .assigned: detach(entry.link, telling: reason)
        default: break
        }
    }

    /// Ends a task for good, and draws the consequences for what depends on it.
    mutating func conclude(
        _ slot: Int32, _ position: Int, _ index: Int32, _ end: TaskEnd, by attempt: Attempt?, _ cause: EndCause? = nil
    ) {
        move(slot, position, to: TaskState(end))
        let task = TaskID(job: jobs[Int(slot)].id, index: index)
        output.ended.append(EndedTask(task: task, end: end, attempt: attempt, cause: cause))
        settleDependents(of: index, in: slot, succeeded: end == .succeeded)
        if end != .succeeded, jobs[Int(slot)].gang > 1 {
            endGang(of: index, in: slot, as: end == .cancelled ? .cancelled : .failed)
        }
    }

    /// Frees or cancels the tasks that waited for `index`, and those that waited for the cancelled ones.
    mutating func settleDependents(of index: Int32, in slot: Int32, succeeded: Bool) {
        guard !jobs[Int(slot)].gates.isEmpty else { return }
        var over: [(index: Int32, succeeded: Bool)] = [(index, succeeded)]
        var next = 0
        while next < over.count {
            let each = over[next]
            next += 1
            for gate in jobs[Int(slot)].gates.ended(each.index, succeeded: each.succeeded) {
                for dependent in jobs[Int(slot)].gates.gates[Int(gate)].dependents {
                    if settle(dependent, of: slot, succeeded: each.succeeded) { over.append((dependent, false)) }
                }
            }
        }
    }

    /// Frees one blocked task, or cancels it; returns whether it was cancelled.
    private mutating func settle(_ index: Int32, of slot: Int32, succeeded: Bool) -> Bool {
        guard let position = jobs[Int(slot)].tasks.position(of: index),
            jobs[Int(slot)].tasks.entries[position].state == .blocked
        else { return false }
        if succeeded {
            makeReady(slot, position, index)
            limitWait(of: index..<index + 1, in: slot)
            return false
        }
        move(slot, position, to: .cancelled)
        let task = TaskID(job: jobs[Int(slot)].id, index: index)
        output.ended.append(EndedTask(task: task, end: .cancelled, attempt: nil, cause: .dependency))
        return true
    }

    private mutating func insert(_ range: Range<Int32>, as state: TaskState, into slot: Int32) -> [Range<Int32>] {
        let limit = configuration.tasksPerJobLimit
        let inserted = jobs[Int(slot)].tasks.insert(range, TaskEntry(state: state), limit: limit)
        let count = inserted.reduce(0) { $0 + $1.count }
        jobs[Int(slot)].counts[Int(state.rawValue)] += Int32(count)
        totals[Int(state.rawValue)] += Int64(count)
        return inserted
    }

    /// Makes the gate for the known tasks in `dependencies`; those unknown, still unresolved, or the dependent itself do
    /// not count. Only a gate that left none out may be shared.
    private mutating func addGate(
        for dependent: Int32, over dependencies: Range<Int32>, in slot: Int32
    ) -> (gate: Int32, isShareable: Bool) {
        var ranges: [Range<Int32>] = []
        var remaining: Int32 = 0
        var isBroken = false
        var counted = 0
        for part in jobs[Int(slot)].tasks.known(in: dependencies) {
            var lower = part.indices.lowerBound
            for index in part.indices {
                let entry = jobs[Int(slot)].tasks.entries[Int(part.position) + Int(index - part.indices.lowerBound)]
                if entry.state == .blocked, entry.link == TaskEntry.unresolved {
                    if lower < index { ranges.append(lower..<index) }
                    lower = index + 1
                    continue
                }
                counted += 1
                if !entry.state.isTerminal { remaining += 1 } else if entry.state != .succeeded { isBroken = true }
            }
            if lower < part.indices.upperBound { ranges.append(lower..<part.indices.upperBound) }
        }
        let gate = jobs[Int(slot)].gates.add(over: ranges, remaining: remaining, isBroken: isBroken)
        return (gate, counted == dependencies.count)
    }

    private mutating func hold(_ index: Int32, at gate: Int32, of slot: Int32) {
        guard let position = jobs[Int(slot)].tasks.position(of: index) else { return }
        jobs[Int(slot)].tasks.entries[position].link = gate
        let state = jobs[Int(slot)].gates.gates[Int(gate)]
        if state.isBroken {
            conclude(slot, position, index, .cancelled, by: nil, .dependency)
        } else if state.remaining == 0 {
            makeReady(slot, position, index)
            limitWait(of: index..<index + 1, in: slot)
        } else {
            jobs[Int(slot)].gates.wait(index, at: gate)
        }
    }
}
