/// How a class that found no room gets some.
extension Scheduler {
    /// Takes back what waits on workers in front of a class that found no room, where its first task has the higher priority.
    mutating func retract(forClass number: Int32) {
        guard let lowest = waiting.lowest, let (item, _) = first(ofClass: number), lowest < item.priority else { return }
        var wanted = classes[Int(number)].ready - retractions
        for worker in workerStates.indices where workerStates[worker].phase != .vacant && workerStates[worker].waiting > 0 {
            guard wanted > 0 else { return }
            guard suits(classes[Int(number)].key.demand, Int32(worker)) else { continue }
            var next = workerStates[worker].firstWaiting
            while next >= 0, wanted > 0 {
                let slot = next
                next = pool[slot].after
                guard pool[slot].isReclaimable, pool[slot].priority < item.priority else { continue }
                change(slot) { $0.isRetracted = true }
                output.commands.append(.stop(workerStates[worker].id, pool[slot].taskAttempt, .retracted))
                wanted -= 1
            }
        }
    }

    /// Keeps the worker with the shortest queue for a class that found no room.
    mutating func reserve(for number: Int32) {
        // Its last tasks may have gone by now: with another class of their job, which has reached its limit.
        guard classes[Int(number)].ready > 0, reservation?.taskClass != number else { return }
        releaseReservation()
        let demand = classes[Int(number)].key.demand
        let workers = demands[Int(demand)].demand.gang > 1 ? gangReserve(demand) : shortestQueue(demand).map { [$0] } ?? []
        guard !workers.isEmpty else { return }
        reservation = (number, workers)
        for worker in workers {
            workerStates[Int(worker)].isReserved = true
            refresh(worker)
        }
    }

    private mutating func shortestQueue(_ demand: Int32) -> Int32? {
        var best: (worker: Int32, waiting: Int32)?
        for kind in kinds.indices {
            for choice in 0..<demands[Int(demand)].choices {
                let fit = fit(demand, choice, onKind: Int32(kind))
                guard fit.verdict != .never, fit.slots > 0, let found = shortestQueue(ofKind: kind, fit.verdict, demand) else {
                    continue
                }
                if let best, best.waiting <= found.waiting { continue }
                best = found
            }
        }
        return best?.worker
    }

    mutating func releaseReservation() {
        guard let workers = reservation?.workers else { return }
        reservation = nil
        for worker in workers {
            workerStates[Int(worker)].isReserved = false
            refresh(worker)
        }
    }

    private func shortestQueue(
        ofKind kind: Int, _ verdict: DemandState.Fit.Verdict, _ demand: Int32
    ) -> (worker: Int32, waiting: Int32)? {
        if verdict == .always {
            guard let found = kinds[kind].room.shortestQueue(atMost: .max - 1) else { return nil }
            return (kinds[kind].room.workers[Int(found.leaf)], found.waiting)
        }
        var best: (worker: Int32, waiting: Int32)?
        for worker in kinds[kind].room.workers where worker >= 0 {
            let state = workerStates[Int(worker)]
            guard state.isTaker, state.careful == 0, demands[Int(demand)].demand.accepts(state.labels) else { continue }
            if let best, best.waiting <= state.waiting { continue }
            best = (worker, state.waiting)
        }
        return best
    }

    /// Whether the worker, once it is idle, can take a task with this demand.
    private mutating func suits(_ demand: Int32, _ worker: Int32) -> Bool {
        for choice in 0..<demands[Int(demand)].choices {
            let fit = fit(demand, choice, onKind: workerStates[Int(worker)].kind)
            guard fit.verdict != .never, fit.charge.fits(in: workerStates[Int(worker)].room) else { continue }
            if fit.verdict == .always || demands[Int(demand)].demand.accepts(workerStates[Int(worker)].labels) { return true }
        }
        return false
    }
}
