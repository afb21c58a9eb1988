extension Scheduler {
    /// Takes a worker in, or compares what it holds with what it is thought to hold.
    ///
    /// Each attempt it holds is kept when it is current there, adopted when it is still current while its task waits in the
    /// queue, and told to stop otherwise. An attempt it is thought to hold and does not was lost on the way to it, because
    /// a worker reports what it finished before it registers: that task is queued again without blame.
    mutating func register(_ id: WorkerID, _ registration: Registration) {
        let capacity = registration.capacity.isPlausibleCapacity ? registration.capacity : .zero
        let labels = registration.labels.sorted().prefix(WorkerLabel.limit)
        let worker = workerSlots[id] ?? welcome(id, capacity, Array(labels))
        if workerStates[Int(worker)].capacity != capacity || !workerStates[Int(worker)].labels.elementsEqual(labels) {
            resize(worker, to: capacity, Array(labels))
        }
        setDatasets(registration.datasets, of: worker)
        workerStates[Int(worker)].lastSeen = clock
        workerStates[Int(worker)].registration &+= 1
        let mark = workerStates[Int(worker)].registration
        for held in registration.holding { confirm(held, registration.choices[held] ?? 0, on: worker, mark: mark) }
        var next = workerStates[Int(worker)].first
        while next >= 0 {
            let assignment = next
            next = pool[assignment].after
            if pool[assignment].confirmed != mark { missed(assignment) }
        }
        if workerStates[Int(worker)].phase == .dismissed { workerStates[Int(worker)].phase = .draining }
        dismissIfIdle(worker)
        refresh(worker)
    }

    mutating func sawSign(of id: WorkerID) {
        guard let worker = workerSlots[id] else { return }
        workerStates[Int(worker)].lastSeen = clock
    }

    mutating func drain(_ id: WorkerID) {
        guard let worker = workerSlots[id] else { return }
        workerStates[Int(worker)].phase = .draining
        if workerStates[Int(worker)].isReserved { releaseReservation() }
        dismissIfIdle(worker)
        refresh(worker)
    }

    mutating func gone(_ id: WorkerID, planned: Bool) {
        guard let worker = workerSlots[id] else { return }
        lose(worker, planned: planned)
    }

    /// Forgets a worker and queues again what it held. Unless `planned`, its death counts against the tasks that may have
    /// been running there.
    mutating func lose(_ worker: Int32, planned: Bool) {
        if workerStates[Int(worker)].isReserved { releaseReservation() }
        if !planned { output.lost.append(workerStates[Int(worker)].id) }
        // From here on it is told nothing.
        workerStates[Int(worker)].phase = .vacant
        var next = workerStates[Int(worker)].first
        while next >= 0 {
            let slot = next
            next = pool[slot].after
            untime(slot)
            let assignment = pool[slot]
            if assignment.mayRun { charge(assignment, by: -1) }
            drop(slot)
            if assignment.bond == .detached {
                detached[assignment.detachedName] = nil
            } else {
                bereave(assignment, planned: planned)
            }
        }
        leaveKind(worker)
        forgetDatasets(of: worker)
        if workerStates[Int(worker)].isTaker {
            takers -= 1
            capacity = capacity - workerStates[Int(worker)].capacity
        }
        workerSlots[workerStates[Int(worker)].id] = nil
        workerStates[Int(worker)].isTaker = false
        freeWorkerSlots.append(worker)
    }

    mutating func dismissIfIdle(_ worker: Int32) {
        guard workerStates[Int(worker)].phase == .draining, workerStates[Int(worker)].held == 0 else { return }
        workerStates[Int(worker)].phase = .dismissed
        output.commands.append(.dismiss(workerStates[Int(worker)].id))
    }

    /// Brings the index of room up to date with a worker that may have got room.
    mutating func refresh(_ worker: Int32) {
        index(worker)
        guard workerStates[Int(worker)].isTaker, !workerStates[Int(worker)].isFresh else { return }
        workerStates[Int(worker)].isFresh = true
        fresh.append(worker)
    }

    /// Brings the index of room up to date with a worker.
    mutating func index(_ worker: Int32) {
        let slot = Int(worker)
        let isTaker = workerStates[slot].phase == .active && workerStates[slot].room.milliCPU > 0
        if isTaker != workerStates[slot].isTaker {
            workerStates[slot].isTaker = isTaker
            takers += isTaker ? 1 : -1
            capacity = isTaker ? capacity + workerStates[slot].capacity : capacity - workerStates[slot].capacity
        }
        var node = RoomIndex.Node.none
        if isTaker {
            // Whatever is assigned now waits behind those that wait already.
            if workerStates[slot].waiting == 0 { node.room = workerStates[slot].free }
            if workerStates[slot].careful == 0, !workerStates[slot].isReserved { node.waiting = workerStates[slot].waiting }
        }
        kinds[Int(workerStates[slot].kind)].room.update(workerStates[slot].leaf, node)
    }

    // MARK: - Registration

    private mutating func welcome(_ id: WorkerID, _ capacity: Resources, _ labels: [WorkerLabel]) -> Int32 {
        incarnations += 1
        let state = WorkerState(id: id, incarnation: incarnations, now: clock)
        let worker: Int32
        if let free = freeWorkerSlots.popLast() {
            worker = free
            workerStates[Int(worker)] = state
        } else {
            worker = Int32(workerStates.count)
            workerStates.append(state)
        }
        workerSlots[id] = worker
        joinKind(worker, capacity, labels)
        timers.arm(
            .lease(id, incarnation: incarnations), due: clock.advanced(byMilliseconds: configuration.leaseMilliseconds))
        return worker
    }

    /// A process does not change its capacity or its labels; should one say so, what it holds is fitted in anew.
    private mutating func resize(_ worker: Int32, to capacity: Resources, _ labels: [WorkerLabel]) {
        if workerStates[Int(worker)].isReserved { releaseReservation() }
        let names = kinds[Int(workerStates[Int(worker)].kind)].names
        leaveKind(worker)
        if workerStates[Int(worker)].isTaker { self.capacity = self.capacity - workerStates[Int(worker)].capacity + capacity }
        joinKind(worker, capacity, labels)
        let newNames = kinds[Int(workerStates[Int(worker)].kind)].names
        workerStates[Int(worker)].inUse = .zero
        workerStates[Int(worker)].waiting = workerStates[Int(worker)].held
        workerStates[Int(worker)].firstWaiting = workerStates[Int(worker)].first
        var next = workerStates[Int(worker)].first
        while next >= 0 {
            if pool[next].bond == .current { untime(next) }
            if pool[next].mayRun { charge(pool[next], by: -1) }
            change(next) { ($0.mayRun, $0.charge) = (false, $0.charge.renamed(from: names, to: newNames)) }
            next = pool[next].after
        }
        advance(worker)
    }

    private mutating func confirm(_ held: TaskAttempt, _ choice: Int, on worker: Int32, mark: Int32) {
        let id = workerStates[Int(worker)].id
        if let known = detached[DetachedName(worker: worker, attempt: held)] {
            pool[known].confirmed = mark
            output.commands.append(.stop(id, held, pool[known].stopReason ?? .fenced))
            return
        }
        guard let slot = jobSlots[held.task.job], let position = jobs[Int(slot)].tasks.position(of: held.task.index) else {
            fence(held, charge: .zero, job: -1, position: -1, on: worker, mark: mark)
            return
        }
        let entry = jobs[Int(slot)].tasks.entries[position]
        if entry.state == .assigned, pool[entry.link].attempt == held.attempt, pool[entry.link].worker == worker {
            pool[entry.link].confirmed = mark
            if pool[entry.link].bond == .stopping { output.commands.append(.stop(id, held, .timedOut)) }
            if pool[entry.link].isBeingRetracted { output.commands.append(.stop(id, held, .retracted)) }
            return
        }
        let choices = demands[Int(jobs[Int(slot)].demand)].choices
        let choice = choice >= 0 && choice < choices ? choice : 0
        let charge = charge(jobs[Int(slot)].demand, choice, on: worker)
        guard isLatest(held.attempt, of: entry) else {
            fence(held, charge: charge, job: slot, position: Int32(position), on: worker, mark: mark)
            return
        }
        takeUp(slot, position, entry, held.attempt)
        move(slot, position, to: .assigned)
        let care = care(of: jobs[Int(slot)].tasks.entries[position], in: slot)
        var assignment = Assignment(
            task: held.task, attempt: held.attempt, charge: charge, worker: worker, job: slot, position: Int32(position),
            bond: .current, care: care, choice: UInt8(choice))
        assignment.confirmed = mark
        (assignment.queue, assignment.priority) = (jobs[Int(slot)].queue, jobs[Int(slot)].priority)
        jobs[Int(slot)].tasks.entries[position].link = attach(assignment, to: worker)
        if jobs[Int(slot)].gang > 1 { partGangs.append(TaskID(job: jobs[Int(slot)].id, index: held.task.index)) }
    }

    /// Tells a worker to stop an attempt that is not current, and remembers that it holds room until then.
    private mutating func fence(
        _ held: TaskAttempt, charge: Amounts, job: Int32, position: Int32, on worker: Int32, mark: Int32
    ) {
        output.commands.append(.stop(workerStates[Int(worker)].id, held, .fenced))
        var assignment = Assignment(
            task: held.task, attempt: held.attempt, charge: charge, worker: worker, job: job, position: position,
            bond: .detached, care: .none)
        assignment.confirmed = mark
        assignment.stopReason = .fenced
        if job >= 0 { assignment.queue = jobs[Int(job)].queue }
        detached[assignment.detachedName] = attach(assignment, to: worker)
    }

    /// Ends an assignment that its worker does not hold.
    private mutating func missed(_ slot: Int32) {
        let assignment = pool[slot]
        release(slot)
        guard assignment.bond != .detached else {
            detached[assignment.detachedName] = nil
            return
        }
        output.returned.append(assignment.taskAttempt)
        runAgain(assignment.job, Int(assignment.position), assignment.task.index)
    }

    private mutating func bereave(_ assignment: Assignment, planned: Bool) {
        let (job, position) = (Int(assignment.job), Int(assignment.position))
        if !planned {
            jobs[job].tasks.entries[position].flags.insert(.bereaved)
            if assignment.mayRun {
                jobs[job].tasks.entries[position].deaths += 1
                jobs[job].tasks.entries[position].flags.insert(.blamed)
            }
        }
        if Int32(jobs[job].tasks.entries[position].deaths) >= configuration.deathsToQuarantine {
            conclude(assignment.job, position, assignment.task.index, .quarantined, by: assignment.attempt)
        } else {
            output.returned.append(assignment.taskAttempt)
            runAgain(assignment.job, position, assignment.task.index)
        }
    }

    // MARK: - Kinds

    private mutating func joinKind(_ worker: Int32, _ capacity: Resources, _ labels: [WorkerLabel]) {
        var key = WorkerKind.Key(floor: capacity, labels: labels)
        if kindNumbers[key] == nil, kinds.count - freeKinds.count >= WorkerKind.exactKinds {
            key = WorkerKind.roughKey(of: capacity)
        }
        let number = kindNumber(key)
        let names = kinds[Int(number)].names
        workerStates[Int(worker)].capacity = capacity
        workerStates[Int(worker)].labels = labels
        workerStates[Int(worker)].room = Amounts(capacity: capacity, names: names)
        workerStates[Int(worker)].gpus = GPUs(count: Int(capacity.milliGPU / 1_000))
        workerStates[Int(worker)].kind = number
        workerStates[Int(worker)].leaf = kinds[Int(number)].room.insert(worker)
    }

    private mutating func kindNumber(_ key: WorkerKind.Key) -> Int32 {
        if let known = kindNumbers[key] { return known }
        let number: Int32
        if let free = freeKinds.popLast() {
            number = free
            kinds[Int(number)] = WorkerKind(key: key)
            for demand in demands.indices { demands[demand].forget(kind: Int(number)) }
        } else {
            number = Int32(kinds.count)
            kinds.append(WorkerKind(key: key))
        }
        kindNumbers[key] = number
        return number
    }

    private mutating func leaveKind(_ worker: Int32) {
        let number = workerStates[Int(worker)].kind
        kinds[Int(number)].room.remove(workerStates[Int(worker)].leaf)
        if kinds[Int(number)].room.count == 0 {
            kindNumbers[kinds[Int(number)].key] = nil
            freeKinds.append(number)
        }
    }
}
