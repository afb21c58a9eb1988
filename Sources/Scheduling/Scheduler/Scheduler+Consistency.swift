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

    private func checkJobs(_ found: inout [String]) {
        var totals = SIMD8<Int64>(repeating: 0)
        var ready = [Int](repeating: 0, count: classes.count)
        let open = jobs.indices.filter { jobs[$0].isOpen }
        if open.count != jobSlots.count { found.append("\(jobSlots.count) jobs are listed, \(open.count) are open") }
        for slot in open {
            let job = jobs[slot]
            if jobSlots[job.id] != Int32(slot) { found.append("job \(job.id) is listed in a slot that is not its own") }
            var counts = SIMD8<Int32>(repeating: 0)
            for segment in job.tasks.segments {
                for offset in 0..<segment.count {
                    let entry = job.tasks.entries[Int(segment.position + offset)]
                    let task = TaskID(job: job.id, index: segment.first + offset)
                    counts[Int(entry.state.rawValue)] += 1
                    check(task, entry, job, &ready, &found)
                }
            }
            if counts != job.counts { found.append("job \(job.id) counts \(job.counts), its tasks are \(counts)") }
            totals = totals &+ SIMD8<Int64>(truncatingIfNeeded: counts)
        }
        if totals != self.totals { found.append("totals are \(self.totals), the tasks are \(totals)") }
        if readyTotal != ready.reduce(0, +) { found.append("\(readyTotal) tasks count as ready, \(ready.reduce(0, +)) are") }
        for (number, taskClass) in classes.enumerated() where taskClass.ready != ready[number] {
            found.append("class \(number) counts \(taskClass.ready) ready tasks, \(ready[number]) are")
        }
        checkQueues(&found)
    }

    private func check(_ task: TaskID, _ entry: TaskEntry, _ job: JobState, _ ready: inout [Int], _ found: inout [String]) {
        switch entry.state {
        case .ready:
            let number = job.classes[Int(entry.care(deathsToQuarantine: configuration.deathsToQuarantine).rawValue)]
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

    /// Every ready task has its hint in the queue of its class.
    private func checkQueues(_ found: inout [String]) {
        var hinted: Set<TaskID> = []
        for taskClass in classes {
            for item in taskClass.queue.heap where jobs[Int(item.slot)].isOpen && jobs[Int(item.slot)].id == item.job {
                for part in jobs[Int(item.slot)].tasks.known(in: item.lower..<item.upper) {
                    for index in part.indices {
                        let entry = jobs[Int(item.slot)].tasks.entries[Int(part.position + (index - part.indices.lowerBound))]
                        let care = entry.care(deathsToQuarantine: configuration.deathsToQuarantine)
                        if entry.state == .ready, care == taskClass.key.care {
                            hinted.insert(TaskID(job: item.job, index: index))
                        }
                    }
                }
            }
        }
        if hinted.count != readyTotal { found.append("\(readyTotal) tasks are ready, the queues know \(hinted.count)") }
    }

    private func checkWorkers(_ found: inout [String]) {
        var (held, takers, detachedHeld) = (0, 0, 0)
        let present = workerStates.indices.filter { workerStates[$0].phase != .vacant }
        if present.count != workerSlots.count {
            found.append("\(workerSlots.count) workers are listed, \(present.count) are there")
        }
        for worker in present.map(Int32.init) {
            let state = workerStates[Int(worker)]
            let id = state.id
            if workerSlots[id] != worker { found.append("worker \(id) is listed in a slot that is not its own") }
            takers += state.isTaker ? 1 : 0
            var (inUse, count, waiting, careful) = (Resources.zero, Int32(0), Int32(0), Int32(0))
            var next = state.first
            while next >= 0 {
                let assignment = pool.slots[Int(next)]
                if assignment.worker != worker { found.append("worker \(id) lists \(assignment.taskAttempt) of another") }
                if assignment.mayRun {
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
        if let reservation, !workerStates[Int(reservation.worker)].isTaker || classes[Int(reservation.taskClass)].ready == 0 {
            found.append("a reservation outlived its reason")
        }
    }
}
