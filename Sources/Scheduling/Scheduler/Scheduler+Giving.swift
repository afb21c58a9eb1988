/// How tasks are put onto a worker.
extension Scheduler {
    /// A worker that may be given tasks, and how each of them asks.
    struct Place {
        var worker: Int32
        var choice: Int
        var charge: Amounts
    }

    /// Assigns up to `count` tasks of a class, of one job if given, to a worker; returns whether there was any.
    mutating func give(_ count: Int, ofClass number: Int32, to place: Place, of job: Int32? = nil) -> Bool {
        var given = 0
        while given < count, let (item, position) = first(ofClass: number) {
            if let job, item.slot != job { break }
            classes[Int(number)].queue.removeFirstIndex()
            assign(item, position, ofClass: number, to: place)
            given += 1
        }
        guard given > 0 else { return false }
        index(place.worker)
        return true
    }

    mutating func assign(_ item: ReadyQueue.Item, _ position: Int, ofClass number: Int32, to place: Place) {
        let (slot, worker, care) = (Int(item.slot), place.worker, classes[Int(number)].key.care)
        attemptsNamed += 1
        let attempt = Attempt(term: configuration.term, number: attemptsNamed)
        let task = TaskID(job: item.job, index: item.lower)
        lower(ready: 1, of: item.slot, care: care)
        move(item.slot, position, to: .assigned)
        jobs[slot].tasks.entries[position].attempt = attemptsNamed
        jobs[slot].tasks.entries[position].flags.subtract([.spent, .blamed])
        let assignment = Assignment(
            task: task, attempt: attempt, charge: place.charge, worker: worker, queue: jobs[slot].queue,
            priority: jobs[slot].priority, job: item.slot, position: Int32(position), bond: .current, care: care,
            choice: UInt8(truncatingIfNeeded: place.choice))
        jobs[slot].tasks.entries[position].link = attach(assignment, to: worker)
        hold(jobs[slot].dataset, by: worker)
        if workerStates[Int(worker)].outgoing.isEmpty { touched.append(worker) }
        workerStates[Int(worker)].outgoing.append(TaskAttempt(task: task, attempt: attempt))
    }

    mutating func flush() {
        guard !touched.isEmpty else { return }
        for worker in touched {
            var outgoing: [TaskAttempt] = []
            swap(&outgoing, &workerStates[Int(worker)].outgoing)
            output.commands.append(.assign(workerStates[Int(worker)].id, outgoing))
        }
        touched.removeAll(keepingCapacity: true)
    }
}
