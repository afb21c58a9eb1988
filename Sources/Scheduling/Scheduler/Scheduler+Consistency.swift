/// What must hold between any two inputs; looked at by tests and by the simulation after every step.
extension Scheduler {
    /// One sentence for each rule that is broken; empty when all is well. Looks at everything.
    package func inconsistencies() -> [String] {
        var found: [String] = []
        checkJobs(&found)
        checkWorkers(&found)
        checkStuckClasses(&found)
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
            let isFull = job.counts[Int(TaskState.assigned.rawValue)] > job.runningLimit - job.gang
            if isFull != job.holds.contains(.limit) { found.append("job \(job.id) minds its running limit wrongly") }
            if job.gang > 1 { checkGangs(Int32(slot), &found) }
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
            let care = care(of: entry, in: jobSlots[task.job] ?? 0)
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

    /// The tasks of a gang that are not over are on workers all of them or none, once the head has heard from the workers.
    private func checkGangs(_ slot: Int32, _ found: inout [String]) {
        guard partGangs.isEmpty else { return }
        var next: Int32 = 0
        for segment in jobs[Int(slot)].tasks.segments {
            for index in segment.first..<segment.end where index >= next {
                let indices = gang(of: index, in: slot)
                next = indices.upperBound
                var states: Set<TaskState> = []
                for part in jobs[Int(slot)].tasks.known(in: indices) {
                    for offset in 0..<Int32(part.indices.count) {
                        states.insert(jobs[Int(slot)].tasks.entries[Int(part.position + offset)].state)
                    }
                }
                if states.contains(.assigned), states.contains(where: { !$0.isTerminal && $0 != .assigned }) {
                    found.append("the gang of task \(jobs[Int(slot)].id)/\(index) is torn apart")
                }
            }
        }
    }

    /// Every ready task has its hint in the queue of its class, or on its job's shelf.
    private func checkQueues(_ found: inout [String]) {
        var hinted: Set<TaskID> = []
        func hint(_ slot: Int, _ indices: Range<Int32>, _ care: Care) {
            for part in jobs[slot].tasks.known(in: indices) {
                for index in part.indices {
                    let entry = jobs[slot].tasks.entries[Int(part.position + (index - part.indices.lowerBound))]
                    if entry.state == .ready, self.care(of: entry, in: Int32(slot)) == care {
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
        var queuesInUse = [QueueState](repeating: QueueState(QueueDefinition(name: "")), count: queues.count)
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
            var (inUse, count, waiting, careful) = (Amounts.zero, Int32(0), Int32(0), Int32(0))
            var gpus = [Int64](repeating: 0, count: GPUs.limit)
            var next = state.first
            while next >= 0 {
                let assignment = pool.slots[Int(next)]
                if assignment.worker != worker { found.append("worker \(id) lists \(assignment.taskAttempt) of another") }
                if assignment.isReclaimable { reclaimable.add(assignment.priority, 1) }
                asked += assignment.isBeingRetracted ? 1 : 0
                if assignment.mayRun {
                    if assignment.queue >= 0 {
                        queuesInUse[Int(assignment.queue)].use(assignment.charge, times: 1)
                    }
                    if assignment.gpus.nonzeroBitCount != Int(assignment.charge.milliGPU + 999) / 1_000 {
                        found.append("worker \(id) has given \(assignment.taskAttempt) the wrong number of GPUs")
                    }
                    for number in gpus.indices where assignment.gpus & (1 << UInt16(number)) != 0 {
                        gpus[number] += min(assignment.charge.milliGPU, 1_000)
                    }
                    if waiting > 0 { found.append("worker \(id) runs \(assignment.taskAttempt) before those ahead of it") }
                    inUse += assignment.charge
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
            if !state.inUse.resources(names: kinds[Int(state.kind)].names).fits(in: state.capacity) {
                found.append("worker \(id) is in use beyond its capacity")
            }
            if gpus.contains(where: { $0 > 1_000 }) { found.append("worker \(id) has given one GPU away twice") }
            if (count, waiting, careful) != (state.held, state.waiting, state.careful) {
                found.append("worker \(id) counts its attempts wrongly")
            }
            held += Int(count)
        }
        if held != pool.count { found.append("\(pool.count) assignments exist, workers hold \(held)") }
        if detachedHeld != detached.count { found.append("\(detached.count) assignments are detached, \(detachedHeld) are held") }
        if takers != self.takers { found.append("\(self.takers) workers count as takers, \(takers) are") }
        for (number, queue) in queues.enumerated() where queue.inUse != queuesInUse[number].inUse {
            found.append("queue \(number) counts \(queue.inUse) in use, its attempts are \(queuesInUse[number].inUse)")
        }
        if total != capacity { found.append("the workers have \(total), not \(capacity)") }
        if asked != retractions { found.append("\(retractions) attempts are asked back, not \(asked)") }
        if reclaimable != waiting { found.append("\(waiting) attempts could be taken back, not \(reclaimable)") }
        let reserved = workerStates.indices.filter { workerStates[$0].phase != .vacant && workerStates[$0].isReserved }
        if reserved != (reservation?.workers.map(Int.init).sorted() ?? []) {
            found.append("workers \(reserved) are marked as reserved")
        }
        if let reservation, classes[Int(reservation.taskClass)].ready == 0 || !reserved.allSatisfy({ workerStates[$0].isTaker }) {
            found.append("a reservation outlived its reason")
        }
    }

    /// No worker that was not refreshed since has room for a class that is thought to be stuck.
    private func checkStuckClasses(_ found: inout [String]) {
        for number in activeClasses where classes[Int(number)].chance == .none {
            let key = classes[Int(number)].key
            let demand = demands[Int(key.demand)].demand
            if demand.gang > 1 { continue }
            for worker in workerStates where worker.isTaker && !worker.isFresh && worker.waiting == 0 {
                guard !worker.isReserved, key.care != .lastChance || worker.lastChances == 0 else { continue }
                let names = kinds[Int(worker.kind)].names
                let fits = demand.choices.contains { choice in
                    Amounts(choice, names: names).map { $0.fits(in: worker.free) && queues[Int(key.queue)].room(for: $0) > 0 }
                        ?? false
                }
                if fits, demand.accepts(worker.labels) {
                    found.append("class \(number) is thought to be stuck, but worker \(worker.id) has room")
                }
            }
        }
        for (number, dataset) in datasets.enumerated() {
            for worker in dataset.workers where !workerStates[Int(worker)].datasets.contains(Int32(number)) {
                found.append("worker \(workerStates[Int(worker)].id) is listed for a dataset that it does not hold")
            }
        }
    }
}
