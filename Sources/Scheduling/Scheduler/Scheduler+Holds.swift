/// Jobs whose tasks stay out of the queues for a while, and the queues they belong to.
extension Scheduler {
    /// Takes the job's ready tasks out of the reckoning; their ranges leave the queues when they come up there.
    mutating func add(_ hold: JobState.Holds, to slot: Int32) {
        guard jobs[Int(slot)].holds.isDisjoint(with: hold) else { return }
        if jobs[Int(slot)].holds.isEmpty {
            let ready = jobs[Int(slot)].ready
            for care in Care.allCases where ready[Int(care.rawValue)] > 0 {
                lower(ready: Int(ready[Int(care.rawValue)]), of: slot, care: care)
            }
            jobs[Int(slot)].ready = ready
        }
        jobs[Int(slot)].holds.insert(hold)
    }

    /// Puts them back when no other hold is left.
    mutating func remove(_ hold: JobState.Holds, from slot: Int32) {
        guard !jobs[Int(slot)].holds.isDisjoint(with: hold) else { return }
        jobs[Int(slot)].holds.subtract(hold)
        if !jobs[Int(slot)].heldWaits.isEmpty, jobs[Int(slot)].holds.subtracting(.limit).isEmpty { limitHeldWaits(in: slot) }
        guard jobs[Int(slot)].holds.isEmpty else { return }
        let ready = jobs[Int(slot)].ready
        jobs[Int(slot)].ready = .zero
        var shelf: [JobState.Shelved] = []
        swap(&shelf, &jobs[Int(slot)].shelf)
        for shelved in shelf { enqueue(shelved.indices, of: slot, care: shelved.care) }
        for care in Care.allCases where ready[Int(care.rawValue)] > 0 {
            lift(ready: Int(ready[Int(care.rawValue)]), of: slot, care: care)
        }
    }

    /// Holds a job whose workers have as many of its attempts as they may, and releases it when they have fewer.
    mutating func mindRunningLimit(of slot: Int32) {
        let limit = jobs[Int(slot)].runningLimit
        guard limit < .max, jobs[Int(slot)].isOpen else { return }
        // A gang needs room for all of it.
        if jobs[Int(slot)].counts[Int(TaskState.assigned.rawValue)] > limit - jobs[Int(slot)].gang {
            add(.limit, to: slot)
        } else {
            remove(.limit, from: slot)
        }
    }

    /// The number of a queue, which is made when nobody has named it before.
    mutating func queueNumber(_ name: String) -> Int32 {
        if let known = queueNumbers[name] { return known }
        let number = Int32(queues.count)
        queueNumbers[name] = number
        queues.append(QueueState(QueueDefinition(name: name)))
        return number
    }
}
