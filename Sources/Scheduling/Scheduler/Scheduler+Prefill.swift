/// What workers are given ahead of need.
extension Scheduler {
    /// Gives workers with short queues what they will need soon. What waits on a worker starts unasked, so a queue with a quota has
    /// nothing wait there.
    mutating func prefill(behind firstBlocked: Int32) {
        var candidates: [Int32] = []
        for number in activeClasses {
            let key = classes[Int(number)].key
            guard key.care == .none, demands[Int(key.demand)].demand.gang == 1, queues[Int(key.queue)].quota == nil,
                let hint = classes[Int(number)].queue.first,
                jobs[Int(hint.slot)].meanRunMicroseconds <= configuration.prefillMilliseconds * 1_000
            else { continue }
            candidates.append(number)
        }
        if candidates.count > 1 { candidates.sort { precedes($0, $1) } }
        for number in candidates {
            if firstBlocked >= 0, number != firstBlocked, goesAfter(number, firstBlocked) { continue }
            prefill(fromClass: number)
        }
    }

    private mutating func prefill(fromClass number: Int32) {
        let share = Int64(readyTotal / 2 / takers)
        guard share > 0 else { return }
        while let (item, _) = first(ofClass: number) {
            let perSlot = prefillPerSlot(ofJob: item.slot)
            guard perSlot > 0, let (place, count) = shortQueue(forClass: number, perSlot: perSlot, share: share),
                give(count, ofClass: number, to: place, of: item.slot)
            else { return }
        }
    }

    /// The worker whose queue is shortest for its slots, and how many tasks it lacks.
    private mutating func shortQueue(forClass number: Int32, perSlot: Int64, share: Int64) -> (place: Place, count: Int)? {
        let demand = classes[Int(number)].key.demand
        var best: (place: Place, waiting: Int32, slots: Int32, allowance: Int64)?
        for kind in kinds.indices {
            guard let (choice, fit) = firstSuiting(demand, Int32(kind)) else { continue }
            let allowance = min(perSlot * Int64(fit.slots), share)
            // Half empty before it is filled up again: fewer, larger messages.
            let limit = Int32(clamping: allowance <= 1 ? 0 : allowance / 2)
            guard let found = kinds[kind].room.shortestQueue(atMost: limit) else { continue }
            if let best, Int64(best.waiting) * Int64(fit.slots) <= Int64(found.waiting) * Int64(best.slots) { continue }
            let place = Place(worker: kinds[kind].room.workers[Int(found.leaf)], choice: choice, charge: fit.charge)
            best = (place, found.waiting, fit.slots, allowance)
        }
        return best.map { ($0.place, Int($0.allowance) - Int($0.waiting)) }
    }

    /// The first choice of a demand that every worker of a kind can take.
    private mutating func firstSuiting(_ demand: Int32, _ kind: Int32) -> (choice: Int, fit: DemandState.Fit)? {
        for choice in 0..<demands[Int(demand)].choices {
            let fit = fit(demand, choice, onKind: kind)
            if fit.verdict == .always, fit.slots > 0 { return (choice, fit) }
        }
        return nil
    }

    /// Tasks that one slot finishes in the prefill time; one as long as the run time is unknown.
    private func prefillPerSlot(ofJob slot: Int32) -> Int64 {
        let mean = jobs[Int(slot)].meanRunMicroseconds
        let limit = Int64(configuration.prefillLimit)
        if mean == 0 { return min(1, limit) }
        return min(configuration.prefillMilliseconds * 1_000 / mean, limit)
    }
}
