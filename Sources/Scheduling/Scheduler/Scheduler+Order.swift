/// Which class comes next.
extension Scheduler {
    /// The first in order of the stuck classes that their quota lets run.
    func findFirstStuck() -> Int32? {
        var best: Int32?
        for number in activeClasses where classes[Int(number)].chance == .none && hasShare(number) {
            if let best, !precedes(number, best) { continue }
            best = number
        }
        return best
    }

    /// The class whose first task comes before those of all others that are not stuck and still have a chance in this pass.
    mutating func firstOpenClass() -> Int32? {
        while true {
            var best: Int32?
            for number in activeClasses where classes[Int(number)].chance != .none && classes[Int(number)].blockedInPass != pass {
                if classes[Int(number)].chance == .fresh, !hasHope(number) {
                    classes[Int(number)].chance = .none
                    if hasShare(number), firstStuck.map({ precedes(number, $0) }) ?? true { firstStuck = number }
                    continue
                }
                if let best, !precedes(number, best) { continue }
                best = number
            }
            guard let best else { return nil }
            // What stands first may be over by now; then the class is compared again with what comes after it.
            let hint = classes[Int(best)].queue.first
            guard let (item, _) = first(ofClass: best) else {
                classes[Int(best)].blockedInPass = pass
                continue
            }
            if item.slot == hint?.slot, item.lower == hint?.lower { return best }
        }
    }

    /// Whether a class comes before another one: by its queue's share, then by its first task.
    func precedes(_ number: Int32, _ other: Int32) -> Bool {
        if queues.count > 1, classes[Int(number)].key.queue != classes[Int(other)].key.queue {
            let share = queues[Int(classes[Int(number)].key.queue)].share(of: capacity)
            let otherShare = queues[Int(classes[Int(other)].key.queue)].share(of: capacity)
            if share != otherShare { return share < otherShare }
        }
        guard let item = classes[Int(number)].queue.first else { return false }
        guard let otherItem = classes[Int(other)].queue.first else { return true }
        return item.precedes(otherItem)
    }

    /// Whether a class is given nothing ahead of need because another one found no room: what waits on workers would keep that one
    /// out, though its queue has the smaller share, or its first task the higher priority.
    mutating func goesAfter(_ number: Int32, _ blocked: Int32) -> Bool {
        guard classes[Int(number)].key.queue == classes[Int(blocked)].key.queue else { return true }
        guard let own = first(ofClass: number)?.item, let other = first(ofClass: blocked)?.item else { return false }
        return own.priority < other.priority
    }

    /// Whether the queue's quota lets one more task of the class run.
    func hasShare(_ number: Int32) -> Bool {
        let key = classes[Int(number)].key
        guard queues[Int(key.queue)].quota != nil else { return true }
        let demand = demands[Int(key.demand)].demand
        return demand.choices.contains { queues[Int(key.queue)].room(for: Amounts(unnamed: $0)) >= Int(demand.gang) }
    }
}
