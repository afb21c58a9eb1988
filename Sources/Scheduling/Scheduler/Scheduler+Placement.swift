/// Which worker gets which task.
///
/// First, room: classes are taken in the order of their first task, and each gets what fits now, spread over the workers.
/// Then, ahead of need: workers whose queue is short get as much as they finish in the prefill time, but never more than
/// a worker's even share of half of what is left, so that the end of a job is spread as well. (Hummel, Schonberg and Flynn,
/// "Factoring: a method for scheduling parallel loops", CACM 1992.)
extension Scheduler {
    mutating func place() {
        defer { flush() }
        guard readyTotal > 0, takers > 0, clock >= assignsFrom else { return }
        pass += 1
        var firstBlocked: Int32 = -1
        while let number = firstUnblockedClass() {
            if firstBlocked >= 0 { reserve(for: firstBlocked) }
            fillRoom(ofClass: number)
            guard classes[Int(number)].ready > 0 else { continue }
            classes[Int(number)].blockedInPass = pass
            if firstBlocked < 0 { firstBlocked = number }
        }
        if let reservation, reservation.taskClass != firstBlocked || activeClasses.count == 1 { releaseReservation() }
        guard readyTotal >= takers else { return }
        pass += 1
        while let number = firstUnblockedClass() {
            classes[Int(number)].blockedInPass = pass
            if classes[Int(number)].key.care == .none { prefill(fromClass: number) }
        }
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
        var best: (number: Int32, item: ReadyQueue.Item)?
        for number in activeClasses where classes[Int(number)].blockedInPass != pass {
            guard let item = first(ofClass: number)?.item else { continue }
            if let best, !item.precedes(best.item) { continue }
            best = (number, item)
        }
        return best?.number
    }

    // MARK: - Room

    private mutating func fillRoom(ofClass number: Int32) {
        let key = classes[Int(number)].key
        let share = max(1, readyTotal / takers)
        while classes[Int(number)].ready > 0, let worker = workerWithRoom(forClass: number, key) {
            let slots = Int(workerStates[Int(worker)].free.slots(of: key.charge))
            let count = key.care == .lastChance ? 1 : min(slots, share)
            guard give(count, ofClass: number, to: worker) else { return }
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
        if reservation?.taskClass == number { return }
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
        lower(ready: 1, ofClass: number)
        move(item.slot, position, to: .assigned)
        jobs[slot].tasks.entries[position].attempt = attemptsNamed
        jobs[slot].tasks.entries[position].flags.subtract([.spent, .blamed])
        let assignment = Assignment(
            task: task, attempt: attempt, charge: jobs[slot].charge, worker: worker, job: item.slot, position: Int32(position),
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
