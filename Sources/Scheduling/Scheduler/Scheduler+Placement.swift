/// Which worker gets which task.
///
/// First, room: classes are taken in the order of their first task, and each gets what fits now, spread over the workers.
/// Then, ahead of need: workers whose queue is short get as much as they finish in the prefill time, but never more than
/// a worker's even share of half of what is left, so that the end of a job is spread as well. (Hummel, Schonberg and Flynn,
/// "Factoring: a method for scheduling parallel loops", CACM 1992.)
///
/// Between queues the one with the smallest share for its weight goes first, and priority orders what is inside a queue. What was
/// given ahead of need is taken back when something of higher priority finds no room; what runs goes on.
///
/// A class that found no room stays stuck until a worker that was refreshed since could take one of its tasks, or something
/// joins it: so the end of one task costs a look at one worker for each class, however many workers there are.
extension Scheduler {
    mutating func place() {
        defer { flush() }
        guard clock >= assignsFrom else { return }
        if !partGangs.isEmpty { gatherPartGangs() }
        guard readyTotal > 0, takers > 0 else { return }
        pass += 1
        takeFresh()
        firstStuck = findFirstStuck()
        var firstBlocked: Int32 = -1
        while let number = firstOpenClass() {
            if firstBlocked < 0, let firstStuck, precedes(firstStuck, number) { block(firstStuck, &firstBlocked) }
            if firstBlocked >= 0 { reserve(for: firstBlocked) }
            let isGang = demands[Int(classes[Int(number)].key.demand)].demand.gang > 1
            switch isGang ? fillGang(ofClass: number) : fillRoom(ofClass: number) {
            case .given: continue
            case .noShare:
                // Workers may have room for it, which nobody has looked for.
                classes[Int(number)].chance = .any
                classes[Int(number)].blockedInPass = pass
            case .noRoom:
                // Under a quota some of its choices may not have been looked for.
                let isCapped = queues[Int(classes[Int(number)].key.queue)].quota != nil
                classes[Int(number)].chance = isCapped ? .any : .none
                block(number, &firstBlocked)
            }
        }
        if firstBlocked < 0, let firstStuck { block(firstStuck, &firstBlocked) }
        if firstBlocked >= 0 {
            if activeClasses.count > 1 { reserve(for: firstBlocked) }
            retract(forClass: firstBlocked)
        }
        if let reservation, reservation.taskClass != firstBlocked || activeClasses.count == 1 { releaseReservation() }
        if readyTotal >= takers { prefill(behind: firstBlocked) }
    }

    private mutating func block(_ number: Int32, _ firstBlocked: inout Int32) {
        classes[Int(number)].blockedInPass = pass
        if firstBlocked < 0 { firstBlocked = number }
    }

    /// Gives those stuck classes another chance of which a task could run on a worker that was refreshed.
    private mutating func takeFresh() {
        hopes.removeAll(keepingCapacity: true)
        for worker in fresh {
            workerStates[Int(worker)].isFresh = false
            if workerStates[Int(worker)].isTaker, workerStates[Int(worker)].waiting == 0 { hopes.append(worker) }
        }
        fresh.removeAll(keepingCapacity: true)
        guard !hopes.isEmpty else { return }
        for number in activeClasses where classes[Int(number)].chance == .none {
            if hopes.count > Scheduler.hopeLimit || hasHope(number) { classes[Int(number)].chance = .fresh }
        }
    }

    /// With more workers than this it is cheaper to look for room everywhere.
    private static let hopeLimit = 16

    /// Whether one of the workers that were refreshed could take a task of the class now, whatever its labels.
    mutating func hasHope(_ number: Int32) -> Bool {
        if hopes.count > Scheduler.hopeLimit { return true }
        let demand = classes[Int(number)].key.demand
        for worker in hopes where workerStates[Int(worker)].waiting == 0 {
            for choice in 0..<demands[Int(demand)].choices {
                let fit = fit(demand, choice, onKind: workerStates[Int(worker)].kind)
                if fit.verdict != .never, fit.charge.fits(in: workerStates[Int(worker)].free) { return true }
            }
        }
        return false
    }

    // MARK: - Room

    enum Filling {
        /// Something was given, or nothing is left to give; others may come first now.
        case given
        case noRoom
        /// The queue's quota is used up.
        case noShare
    }

    private mutating func fillRoom(ofClass number: Int32) -> Filling {
        let key = classes[Int(number)].key
        let even = max(1, readyTotal / takers)
        while classes[Int(number)].ready > 0, let (item, _) = first(ofClass: number) {
            guard hasShare(number) else { return .noShare }
            let dataset = jobs[Int(item.slot)].dataset
            guard let place = placeWithRoom(forClass: number, key, dataset: dataset) else { return .noRoom }
            let slots = Int(workerStates[Int(place.worker)].slots(of: place.charge))
            // Between queues a slot at a time keeps the shares even.
            let count = key.care == .lastChance || sharesRoom ? 1 : min(slots, even)
            let allowed = min(count, queues[Int(key.queue)].room(for: place.charge))
            // Tasks on other data may have a better place.
            guard give(allowed, ofClass: number, to: place, of: dataset >= 0 ? item.slot : nil) else { return .noRoom }
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

    /// A class that comes before the reserving one in order may use what is reserved, one that comes after may not.
    func mindsReservation(_ number: Int32) -> Bool {
        guard let reservation, reservation.taskClass != number else { return false }
        return classes[Int(reservation.taskClass)].blockedInPass == pass
    }

    private mutating func placeWithRoom(forClass number: Int32, _ key: TaskClass.Key, dataset: Int32) -> Place? {
        let mindsReservation = mindsReservation(number)
        for choice in 0..<demands[Int(key.demand)].choices {
            let isCapped = queues[Int(key.queue)].quota != nil
            if isCapped {
                let charge = Amounts(unnamed: demands[Int(key.demand)].demand.choices[choice])
                guard queues[Int(key.queue)].room(for: charge) > 0 else { continue }
            }
            if let place = holderWithRoom(of: dataset, choice, key, mindsReservation: mindsReservation) { return place }
            if let place = placeWithRoom(choice, key, mindsReservation: mindsReservation) { return place }
        }
        return nil
    }

    private mutating func placeWithRoom(_ choice: Int, _ key: TaskClass.Key, mindsReservation: Bool) -> Place? {
        for offset in 0..<kinds.count {
            var kind = kindCursor + offset
            if kind >= kinds.count { kind -= kinds.count }
            let fit = fit(key.demand, choice, onKind: Int32(kind))
            guard fit.verdict != .never else { continue }
            let found = kinds[kind].room.next(from: kinds[kind].cursor, fitting: fit.charge) { worker in
                !(mindsReservation && workerStates[Int(worker)].isReserved)
                    && (key.care != .lastChance || workerStates[Int(worker)].lastChances == 0)
                    && (fit.verdict == .always || demands[Int(key.demand)].demand.accepts(workerStates[Int(worker)].labels))
            }
            guard let leaf = found else { continue }
            kinds[kind].cursor = leaf + 1
            kindCursor = kind + 1 < kinds.count ? kind + 1 : 0
            return Place(worker: kinds[kind].room.workers[Int(leaf)], choice: choice, charge: fit.charge)
        }
        return nil
    }

    /// A worker that has the dataset and room.
    private mutating func holderWithRoom(of dataset: Int32, _ choice: Int, _ key: TaskClass.Key, mindsReservation: Bool) -> Place?
    {
        guard dataset >= 0, datasets[Int(dataset)].workers.count < takers else { return nil }
        var holders = DatasetHolders()
        swap(&holders, &datasets[Int(dataset)])
        defer { swap(&holders, &datasets[Int(dataset)]) }
        var charge = Amounts.tooMuch
        let worker = holders.next { worker in
            let state = workerStates[Int(worker)]
            guard state.isTaker, state.waiting == 0, !(mindsReservation && state.isReserved),
                key.care != .lastChance || state.lastChances == 0
            else {
                return false
            }
            let fit = fit(key.demand, choice, onKind: state.kind)
            guard fit.verdict == .always || (fit.verdict == .byLabels && demands[Int(key.demand)].demand.accepts(state.labels))
            else { return false }
            charge = fit.charge
            return charge.fits(in: state.free)
        }
        return worker.map { Place(worker: $0, choice: choice, charge: charge) }
    }

}
