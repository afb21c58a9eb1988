/// Tasks that start together and fail together.
///
/// A gang is given its workers in one step or none at all, so no two gangs can hold a part each and wait for the rest. A gang of
/// which a task has succeeded does not run again.
extension Scheduler {
    /// The indices of the gang that a task belongs to; its own alone when its job has no gangs.
    func gang(of index: Int32, in slot: Int32) -> Range<Int32> {
        let size = jobs[Int(slot)].gang
        let first = index - index % size
        return first..<(first > .max - size ? .max : first + size)
    }

    /// How gently a task must be placed. A gang's tasks go where there is room for all of them.
    func care(of entry: TaskEntry, in slot: Int32) -> Care {
        jobs[Int(slot)].gang > 1 ? .none : entry.care(deathsToQuarantine: configuration.deathsToQuarantine)
    }

    /// Queues a task that lost its attempt, and its gang with it; returns false when that cannot be, and it has failed.
    @discardableResult
    mutating func runAgain(_ slot: Int32, _ position: Int, _ index: Int32) -> Bool {
        if jobs[Int(slot)].gang > 1 { jobs[Int(slot)].tasks.entries[position].flags.insert(.spent) }
        makeReady(slot, position, index)
        if gatherGang(of: index, in: slot, as: .ready) { return true }
        abandon(slot, position, index, stop: .fenced, as: .failed, .gang)
        return false
    }

    /// Whether nothing of a task's gang is over or missing.
    func canRunAgain(_ index: Int32, in slot: Int32) -> Bool {
        guard jobs[Int(slot)].gang > 1 else { return true }
        return gang(of: index, in: slot).allSatisfy { index in
            jobs[Int(slot)].tasks.position(of: index).map { !jobs[Int(slot)].tasks.entries[$0].state.isTerminal } ?? false
        }
    }

    /// Takes all others of a task's gang off their workers, so that they wait as it does; returns false when one of them is over
    /// or missing, so that the gang cannot run again.
    mutating func gatherGang(of index: Int32, in slot: Int32, as state: TaskState) -> Bool {
        guard jobs[Int(slot)].gang > 1 else { return true }
        guard canRunAgain(index, in: slot) else { return false }
        for other in gang(of: index, in: slot) where other != index {
            guard let position = jobs[Int(slot)].tasks.position(of: other) else { continue }
            let entry = jobs[Int(slot)].tasks.entries[position]
            guard entry.state != state else { continue }
            leave(slot, position, entry, stop: .fenced)
            jobs[Int(slot)].tasks.entries[position].flags.insert(.spent)
            if state == .ready { makeReady(slot, position, other) } else { move(slot, position, to: state) }
        }
        return true
    }

    /// Ends the others of a gang of which a task did not succeed.
    mutating func endGang(of index: Int32, in slot: Int32, as end: TaskEnd) {
        for other in gang(of: index, in: slot) where other != index {
            guard let position = jobs[Int(slot)].tasks.position(of: other) else { continue }
            let entry = jobs[Int(slot)].tasks.entries[position]
            guard !entry.state.isTerminal else { continue }
            leave(slot, position, entry, stop: .cancelled)
            move(slot, position, to: TaskState(end))
            let task = TaskID(job: jobs[Int(slot)].id, index: other)
            output.ended.append(EndedTask(task: task, end: end, attempt: nil, cause: .gang))
        }
    }

    /// Starts gangs anew of which only a part turned up on the workers that registered.
    mutating func gatherPartGangs() {
        var tasks: [TaskID] = []
        swap(&tasks, &partGangs)
        for task in tasks {
            guard let slot = jobSlots[task.job], let position = jobs[Int(slot)].tasks.position(of: task.index),
                jobs[Int(slot)].tasks.entries[position].state == .assigned
            else { continue }
            let isWhole = gang(of: task.index, in: slot).allSatisfy { index in
                jobs[Int(slot)].tasks.position(of: index).map {
                    let state = jobs[Int(slot)].tasks.entries[$0].state
                    return state == .assigned || state == .succeeded
                } ?? false
            }
            if isWhole { continue }
            leave(slot, position, jobs[Int(slot)].tasks.entries[position], stop: .fenced)
            runAgain(slot, position, task.index)
        }
    }

    // MARK: - Placement

    /// Gives the first gang of a class to workers with room for all of it.
    mutating func fillGang(ofClass number: Int32) -> Filling {
        guard let (item, position) = first(ofClass: number) else { return .given }
        let indices = gang(of: item.lower, in: item.slot)
        let isWhole = indices.allSatisfy { index in
            jobs[Int(item.slot)].tasks.position(of: index).map { jobs[Int(item.slot)].tasks.entries[$0].state == .ready } ?? false
        }
        guard isWhole else {
            abandon(item.slot, position, item.lower, stop: .fenced, as: .failed, .gang)
            return .given
        }
        guard hasShare(number) else { return .noShare }
        guard let places = gangPlaces(forClass: number, members: indices.count) else { return .noRoom }
        var members = indices.makeIterator()
        for (place, count) in places {
            for _ in 0..<count {
                guard let index = members.next(), let position = jobs[Int(item.slot)].tasks.position(of: index) else { break }
                // Their hints are dropped when they come up.
                var member = item
                member.lower = index
                assign(member, position, ofClass: number, to: place)
            }
            index(place.worker)
        }
        return .given
    }

    /// Workers with room for all members at once, by one of the choices, and how many each of them takes.
    private mutating func gangPlaces(forClass number: Int32, members: Int) -> [(place: Place, count: Int)]? {
        let key = classes[Int(number)].key
        let mindsReservation = mindsReservation(number)
        for choice in 0..<demands[Int(key.demand)].choices {
            let asked = Amounts(unnamed: demands[Int(key.demand)].demand.choices[choice])
            guard queues[Int(key.queue)].room(for: asked) >= members else { continue }
            var places: [(place: Place, count: Int)] = []
            var left = members
            for kind in kinds.indices {
                let fit = fit(key.demand, choice, onKind: Int32(kind))
                guard fit.verdict != .never else { continue }
                var next: Int32 = 0
                while left > 0,
                    let leaf = kinds[kind].room.following(
                        next, fitting: fit.charge,
                        where: { worker in
                            !(mindsReservation && workerStates[Int(worker)].isReserved)
                                && (fit.verdict == .always
                                    || demands[Int(key.demand)].demand.accepts(workerStates[Int(worker)].labels))
                        })
                {
                    next = leaf + 1
                    let worker = kinds[kind].room.workers[Int(leaf)]
                    let count = min(Int(workerStates[Int(worker)].slots(of: fit.charge)), left)
                    places.append((Place(worker: worker, choice: choice, charge: fit.charge), count))
                    left -= count
                }
            }
            if left == 0 { return places }
        }
        return nil
    }

    /// Enough workers for a gang once they are idle; none when all of them are not enough.
    mutating func gangReserve(_ demand: Int32) -> [Int32] {
        let members = Int(demands[Int(demand)].demand.gang)
        for choice in 0..<demands[Int(demand)].choices {
            var workers: [Int32] = []
            var slots = 0
            for kind in kinds.indices {
                let fit = fit(demand, choice, onKind: Int32(kind))
                guard fit.verdict != .never, fit.slots > 0 else { continue }
                for worker in kinds[kind].room.workers where worker >= 0 && slots < members {
                    let state = workerStates[Int(worker)]
                    guard state.isTaker, fit.verdict == .always || demands[Int(demand)].demand.accepts(state.labels) else {
                        continue
                    }
                    workers.append(worker)
                    slots += Int(fit.slots)
                }
            }
            if slots >= members { return workers }
        }
        return []
    }
}
