/// Which worker gets which task.
///
/// First, room: classes are taken in the order of their first task, and each gets what fits now, spread over the workers.
/// Then, ahead of need: workers whose queue is short get as much as they finish in the prefill time, but never more than
/// a worker's even share of half of what is left, so that the end of a job is spread as well. (Hummel, Schonberg and Flynn,
/// "Factoring: a method for scheduling parallel loops", CACM 1992.)
///
/// Between queues the one with the smallest share for its weight goes first, and priority orders what is inside a queue. What was
/// given ahead of need is taken back when something of higher priority finds no room; what runs goes on.
extension Scheduler {
    mutating func place() {
        defer { flush() }
        guard readyTotal > 0, takers > 0, clock >= assignsFrom else { return }
        pass += 1
        var firstBlocked: Int32 = -1
        while let number = firstUnblockedClass() {
            if firstBlocked >= 0 { reserve(for: firstBlocked) }
            switch fillRoom(ofClass: number) {
            case .given: continue
            case .noShare: classes[Int(number)].blockedInPass = pass
            case .noRoom:
                classes[Int(number)].blockedInPass = pass
                if firstBlocked < 0 { firstBlocked = number }
            }
        }
        if firstBlocked >= 0 { retract(forClass: firstBlocked) }
        if let reservation, reservation.taskClass != firstBlocked || activeClasses.count == 1 { releaseReservation() }
        guard readyTotal >= takers else { return }
        pass += 1
        while let number = firstUnblockedClass() {
            classes[Int(number)].blockedInPass = pass
            let key = classes[Int(number)].key
            if firstBlocked >= 0, number != firstBlocked, goesAfter(number, firstBlocked) { continue }
            // What waits on a worker starts unasked, so a queue with a quota has nothing wait there.
            if key.care == .none, queues[Int(key.queue)].quota == nil { prefill(fromClass: number) }
        }
    }

    /// Whether a class is given nothing ahead of need because another one found no room: what waits on workers would keep that one
    /// out, though its queue has the smaller share, or its first task the higher priority.
    private mutating func goesAfter(_ number: Int32, _ blocked: Int32) -> Bool {
        guard classes[Int(number)].key.queue == classes[Int(blocked)].key.queue else { return true }
        guard let own = first(ofClass: number)?.item, let other = first(ofClass: blocked)?.item else { return false }
        return own.priority < other.priority
    }

    mutating func releaseReservation() {
        guard let worker = reservation?.worker else { return }
        reservation = nil
        refresh(worker)
    }

    /// The class whose first task comes before those of all others that still have a chance in this pass.
    private mutating func firstUnblockedClass() -> Int32? {
        if activeClasses.count == 1 {
            let only = activeClasses[0]
            return classes[Int(only)].blockedInPass == pass ? nil : only
        }
        var best: (number: Int32, share: Double, item: ReadyQueue.Item)?
        for number in activeClasses where classes[Int(number)].blockedInPass != pass {
            guard let item = first(ofClass: number)?.item else { continue }
            let share = queues.count > 1 ? queues[Int(classes[Int(number)].key.queue)].share(of: capacity) : 0
            if let best, share == best.share ? !item.precedes(best.item) : share > best.share { continue }
            best = (number, share, item)
        }
        return best?.number
    }

    // MARK: - Room

    private enum Filling {
        /// Something was given, or nothing is left to give; others may come first now.
        case given
        case noRoom
        /// The queue's quota is used up.
        case noShare
    }

    private mutating func fillRoom(ofClass number: Int32) -> Filling {
        let key = classes[Int(number)].key
        let even = max(1, readyTotal / takers)
        while classes[Int(number)].ready > 0 {
            let allowed = queues[Int(key.queue)].room(for: key.charge)
            guard allowed > 0 else { return .noShare }
            guard let worker = workerWithRoom(forClass: number, key) else { return .noRoom }
            let slots = Int(workerStates[Int(worker)].free.slots(of: key.charge))
            // Between queues a slot at a time keeps the shares even.
            let count = key.care == .lastChance || sharesRoom ? 1 : min(slots, even)
            guard give(min(count, allowed), ofClass: number, to: worker) else { return .noRoom }
            if sharesRoom { return .given }
        }
        return .given
    }

    /// Whether tasks of more than one queue wait.
    private var sharesRoom: Bool {
        guard queues.count > 1, let first = activeClasses.first else { return false }
        let queue = classes[Int(first)].key.queue
        return activeClasses.contains { classes[Int($0)].key.queue != queue }
    }

    /// Takes back what waits on workers in front of a class that found no room, where its first task has the higher priority.
    private mutating func retract(forClass number: Int32) {
        guard let lowest = waiting.lowest, let (item, _) = first(ofClass: number), lowest < item.priority else { return }
        let charge = classes[Int(number)].key.charge
        var wanted = classes[Int(number)].ready - retractions
        for worker in workerStates.indices {
            let state = workerStates[worker]
            guard state.phase != .vacant, state.waiting > 0, charge.fits(in: state.capacity) else { continue }
            var next = state.firstWaiting
            while next >= 0, wanted > 0 {
                let slot = next
                next = pool[slot].after
                guard pool[slot].isReclaimable, pool[slot].priority < item.priority else { continue }
                change(slot) { $0.isRetracted = true }
                output.commands.append(.stop(state.id, pool[slot].taskAttempt, .retracted))
                wanted -= 1
            }
            if wanted <= 0 { return }
        }
    }

    private mutating func workerWithRoom(forClass number: Int32, _ key: TaskClass.Key) -> Int32? {
        // A class that comes before the reserving one in order may use the reserved worker, one that comes after may not.
        var reserved: Int32 = -1
        if let reservation, reservation.taskClass != number, classes[Int(reservation.taskClass)].blockedInPass == pass {
            reserved = reservation.worker
        }
        for offset in 0..<kinds.count {
            var kind = kindCursor + offset
            if kind >= kinds.count { kind -= kinds.count }
            let found = kinds[kind].room.next(from: kinds[kind].cursor, fitting: key.charge) { worker in
                worker != reserved && (key.care != .lastChance || workerStates[Int(worker)].lastChances == 0)
            }
            guard let leaf = found else { continue }
            kinds[kind].cursor = leaf + 1
            kindCursor = kind + 1 < kinds.count ? kind + 1 : 0
            return kinds[kind].room.workers[Int(leaf)]
        }
        return nil
    }

    /// Keeps the worker with the shortest queue for a class that found no room.
    private mutating func reserve(for number: Int32) {
        // Its last tasks may have gone by now: with another class of their job, which has reached its limit.
        guard classes[Int(number)].ready > 0, reservation?.taskClass != number else { return }
        releaseReservation()
        let charge = classes[Int(number)].key.charge
        var best: (worker: Int32, waiting: Int32)?
        for kind in kinds where charge.fits(in: kind.floor) {
            guard let found = kind.room.shortestQueue(atMost: .max - 1) else { continue }
            if let best, best.waiting <= found.waiting { continue }
            best = (kind.room.workers[Int(found.leaf)], found.waiting)
        }
        guard let best else { return }
        reservation = (number, best.worker)
        refresh(best.worker)
    }

    // MARK: - Ahead of need

    private mutating func prefill(fromClass number: Int32) {
        let charge = classes[Int(number)].key.charge
        let share = Int64(readyTotal / 2 / takers)
        guard share > 0 else { return }
        while let (item, _) = first(ofClass: number) {
            let perSlot = prefillPerSlot(ofJob: item.slot)
            guard perSlot > 0 else { return }
            var best: (worker: Int32, waiting: Int32, slots: Int32, allowance: Int64)?
            for kind in kinds {
                let slots = kind.floor.slots(of: charge)
                guard slots > 0 else { continue }
                let allowance = min(perSlot * Int64(slots), share)
                // Half empty before it is filled up again: fewer, larger messages.
                let limit = Int32(clamping: allowance <= 1 ? 0 : allowance / 2)
                guard let found = kind.room.shortestQueue(atMost: limit) else { continue }
                if let best, Int64(best.waiting) * Int64(slots) <= Int64(found.waiting) * Int64(best.slots) { continue }
                best = (kind.room.workers[Int(found.leaf)], found.waiting, slots, allowance)
            }
            guard let best, give(Int(best.allowance) - Int(best.waiting), ofClass: number, to: best.worker, of: item.slot)
            else { return }
        }
    }

    /// Tasks that one slot finishes in the prefill time; one as long as the run time is unknown.
    private func prefillPerSlot(ofJob slot: Int32) -> Int64 {
        let mean = jobs[Int(slot)].meanRunMicroseconds
        let limit = Int64(configuration.prefillLimit)
        if mean == 0 { return min(1, limit) }
        return min(configuration.prefillMilliseconds * 1_000 / mean, limit)
    }

    // MARK: - Giving

    /// Assigns up to `count` tasks of a class, of one job if given, to a worker; returns whether there was any.
    private mutating func give(_ count: Int, ofClass number: Int32, to worker: Int32, of job: Int32? = nil) -> Bool {
        var given = 0
        while given < count, let (item, position) = first(ofClass: number) {
            if let job, item.slot != job { break }
            classes[Int(number)].queue.removeFirstIndex()
            assign(item, position, ofClass: number, to: worker)
            given += 1
        }
        guard given > 0 else { return false }
        refresh(worker)
        return true
    }

    private mutating func assign(_ item: ReadyQueue.Item, _ position: Int, ofClass number: Int32, to worker: Int32) {
        let slot = Int(item.slot)
        attemptsNamed += 1
        let attempt = Attempt(term: configuration.term, number: attemptsNamed)
        let task = TaskID(job: item.job, index: item.lower)
        lower(ready: 1, of: item.slot, care: classes[Int(number)].key.care)
        move(item.slot, position, to: .assigned)
        jobs[slot].tasks.entries[position].attempt = attemptsNamed
        jobs[slot].tasks.entries[position].flags.subtract([.spent, .blamed])
        let assignment = Assignment(
            task: task, attempt: attempt, charge: jobs[slot].charge, worker: worker, queue: jobs[slot].queue,
            priority: jobs[slot].priority, job: item.slot, position: Int32(position),
            bond: .current, care: classes[Int(number)].key.care)
        jobs[slot].tasks.entries[position].link = attach(assignment, to: worker)
        if workerStates[Int(worker)].outgoing.isEmpty { touched.append(worker) }
        workerStates[Int(worker)].outgoing.append(TaskAttempt(task: task, attempt: attempt))
    }

    private mutating func flush() {
        guard !touched.isEmpty else { return }
        for worker in touched {
            var outgoing: [TaskAttempt] = []
            swap(&outgoing, &workerStates[Int(worker)].outgoing)
            output.commands.append(.assign(workerStates[Int(worker)].id, outgoing))
        }
        touched.removeAll(keepingCapacity: true)
    }
}
