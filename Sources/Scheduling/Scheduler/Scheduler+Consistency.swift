/// What must hold between any two inputs; looked at by tests and by the simulation after every step.
extension Scheduler {
    /// One sentence for each rule that is broken; empty when all is well. Looks at everything.
    package func inconsistencies() -> [String] {
        var found: [String] = []
        checkJobs(&found)
        checkWorkers(&found)
        if !touched.isEmpty { found.append("assignments were decided and not sent") }
        return found
    }

    /// All that is remembered of one task, to compare two moments; nil when its job is not open or has no such task. That an
    /// attempt waiting on its worker may have begun follows from the ends of others there, and is left out.
    package func memory(of task: TaskID) -> String? {
        guard let slot = jobSlots[task.job], let position = jobs[Int(slot)].tasks.position(of: task.index) else { return nil }
        var entry = jobs[Int(slot)].tasks.entries[position]
        entry.flags.remove(.begun)
        return "\(entry)"
    }

    private func checkJobs(_ found: inout [String]) {
        var totals = SIMD8<Int64>(repeating: 0)
        var ready = [Int](repeating: 0, count: classes.count)
        let open = jobs.indices.filter { jobs[$0].isOpen }
        if open.count != jobSlots.count { found.append("\(jobSlots.count) jobs are listed, \(open.count) are open") }
        for slot in open {
            let job = jobs[slot]
            if jobSlots[job.id] != Int32(slot) { found.append("job \(job.id) is listed in a slot that is not its own") }
            var counts = SIMD8<Int32>(repeating: 0)
            var readyOfJob = SIMD4<Int32>(repeating: 0)
            for segment in job.tasks.segments {
                for offset in 0..<segment.count {
                    let entry = job.tasks.entries[Int(segment.position + offset)]
                    let task = TaskID(job: job.id, index: segment.first + offset)
                    counts[Int(entry.state.rawValue)] += 1
                    check(task, entry, job, &ready, &readyOfJob, &found)
                }
            }
            if counts != job.counts { found.append("job \(job.id) counts \(job.counts), its tasks are \(counts)") }
            if readyOfJob != job.ready { found.append("job \(job.id) counts \(job.ready) ready tasks, they are \(readyOfJob)") }
            if job.holds.isEmpty, !job.shelf.isEmpty { found.append("job \(job.id) is not held, but its shelf is not empty") }
            let isFull = job.counts[Int(TaskState.assigned.rawValue)] >= job.runningLimit
            if isFull != job.holds.contains(.limit) { found.append("job \(job.id) minds its running limit wrongly") }
            totals = totals &+ SIMD8<Int64>(truncatingIfNeeded: counts)
        }
        if totals != self.totals { found.append("totals are \(self.totals), the tasks are \(totals)") }
        if readyTotal != ready.reduce(0, +) { found.append("\(readyTotal) tasks count as ready, \(ready.reduce(0, +)) are") }
        for (number, taskClass) in classes.enumerated() where taskClass.ready != ready[number] {
            found.append("class \(number) counts \(taskClass.ready) ready tasks, \(ready[number]) are")
        }
        checkQueues(&found)
    }

    private func check(
        _ task: TaskID, _ entry: TaskEntry, _ job: JobState, _ ready: inout [Int], _ readyOfJob: inout SIMD4<Int32>,
        _ found: inout [String]
    ) {
        switch entry.state {
        case .ready:
            let care = entry.care(deathsToQuarantine: configuration.deathsToQuarantine)
            readyOfJob[Int(care.rawValue)] += 1
            guard job.holds.isEmpty else { break }
            let number = job.classes[Int(care.rawValue)]
            if number < 0 { found.append("task \(task) is ready in no class") } else { ready[Int(number)] += 1 }
        case .assigned:
            let assignment = pool.slots[Int(entry.link)]
            if assignment.worker < 0 || assignment.task != task || assignment.bond == .detached {
                found.append("task \(task) is assigned, but its assignment is not its own")
            }
            if assignment.attempt.term == configuration.term, assignment.attempt.number != entry.attempt {
                found.append("task \(task) is assigned as \(assignment.attempt), but its latest attempt is \(entry.attempt)")
            }
        case .blocked:
            let gate = entry.link >= 0 ? job.gates.gates[Int(entry.link)] : nil
            if gate == nil || gate?.isBroken == true || (gate?.remaining ?? 0) <= 0 {
                found.append("task \(task) is blocked at no closed gate")
            }
        case .delayed, .succeeded, .failed, .quarantined, .cancelled: break
        }
    }

    /// Every ready task has its hint in the queue of its class, or on its job's shelf.
    private func checkQueues(_ found: inout [String]) {
        var hinted: Set<TaskID> = []
        func hint(_ slot: Int, _ indices: Range<Int32>, _ care: Care) {
            for part in jobs[slot].tasks.known(in: indices) {
                for index in part.indices {
                    let entry = jobs[slot].tasks.entries[Int(part.position + (index - part.indices.lowerBound))]
                    if entry.state == .ready, entry.care(deathsToQuarantine: configuration.deathsToQuarantine) == care {
                        hinted.insert(TaskID(job: jobs[slot].id, index: index))
                    }
                }
            }
        }
        for taskClass in classes {
            for item in taskClass.queue.heap where jobs[Int(item.slot)].isOpen && jobs[Int(item.slot)].id == item.job {
                hint(Int(item.slot), item.lower..<item.upper, taskClass.key.care)
            }
        }
        for slot in jobs.indices where jobs[slot].isOpen {
            for shelved in jobs[slot].shelf { hint(slot, shelved.indices, shelved.care) }
        }
        let ready = totals[Int(TaskState.ready.rawValue)]
        if hinted.count != ready { found.append("\(ready) tasks are ready, the queues know \(hinted.count)") }
    }

    private func checkWorkers(_ found: inout [String]) {
        var (held, takers, detachedHeld) = (0, 0, 0)
        var queuesInUse = [Resources](repeating: .zero, count: queues.count)
        var total = Resources.zero
        var reclaimable = PriorityCounts()
        var asked = 0
        let present = workerStates.indices.filter { workerStates[$0].phase != .vacant }
        if present.count != workerSlots.count {
            found.append("\(workerSlots.count) workers are listed, \(present.count) are there")
        }
        for worker in present.map(Int32.init) {
            let state = workerStates[Int(worker)]
            let id = state.id
            if workerSlots[id] != worker { found.append("worker \(id) is listed in a slot that is not its own") }
            takers += state.isTaker ? 1 : 0
            if state.isTaker { total = total + state.capacity }
            var (inUse, count, waiting, careful) = (Resources.zero, Int32(0), Int32(0), Int32(0))
            var next = state.first
            while next >= 0 {
                let assignment = pool.slots[Int(next)]
                if assignment.worker != worker { found.append("worker \(id) lists \(assignment.taskAttempt) of another") }
                if assignment.isReclaimable { reclaimable.add(assignment.priority, 1) }
                asked += assignment.isBeingRetracted ? 1 : 0
                if assignment.mayRun {
                    if assignment.queue >= 0 {
                        queuesInUse[Int(assignment.queue)] = queuesInUse[Int(assignment.queue)] + assignment.charge
                    }
                    if waiting > 0 { found.append("worker \(id) runs \(assignment.taskAttempt) before those ahead of it") }
                    inUse = inUse + assignment.charge
                } else {
                    if waiting == 0, state.firstWaiting != next { found.append("worker \(id) waits for the wrong attempt") }
                    if waiting == 0, assignment.charge.fits(in: state.free) {
                        found.append("worker \(id) lets \(assignment.taskAttempt) wait although it fits")
                    }
                    waiting += 1
                }
                careful += assignment.care == .none ? 0 : 1
                detachedHeld += assignment.bond == .detached ? 1 : 0
                count += 1
                next = assignment.after
            }
            if inUse != state.inUse { found.append("worker \(id) counts \(state.inUse) in use, its attempts are \(inUse)") }
            if !state.inUse.fits(in: state.capacity) { found.append("worker \(id) is in use beyond its capacity") }
            if (count, waiting, careful) != (state.held, state.waiting, state.careful) {
                found.append("worker \(id) counts its attempts wrongly")
            }
            held += Int(count)
        }
        if held != pool.count { found.append("\(pool.count) assignments exist, workers hold \(held)") }
        if detachedHeld != detached.count { found.append("\(detached.count) assignments are detached, \(detachedHeld) are held") }
        if takers != self.takers { found.append("\(self.takers) workers count as takers, \(takers) are") }
        for (number, queue) in queues.enumerated() where queue.inUse != queuesInUse[number] {
            found.append("queue \(number) counts \(queue.inUse) in use, its attempts are \(queuesInUse[number])")
        }
        if total != capacity { found.append("the workers have \(total), not \(capacity)") }
        if asked != retractions { found.append("\(retractions) attempts are asked back, not \(asked)") }
        if reclaimable != waiting { found.append("\(waiting) attempts could be taken back, not \(reclaimable)") }
        if let reservation, !workerStates[Int(reservation.worker)].isTaker || classes[Int(reservation.taskClass)].ready == 0 {
            found.append("a reservation outlived its reason")
        }
    }
}
