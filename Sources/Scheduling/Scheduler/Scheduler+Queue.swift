/// The queue: classes of ready tasks.
extension Scheduler {
    /// Puts a task into the queue.
    mutating func makeReady(_ slot: Int32, _ position: Int, _ index: Int32) {
        move(slot, position, to: .ready)
        let care = care(of: jobs[Int(slot)].tasks.entries[position], in: slot)
        enqueue(index..<index + 1, of: slot, care: care)
        lift(ready: 1, of: slot, care: care)
    }

    mutating func enqueue(_ range: Range<Int32>, of slot: Int32, care: Care) {
        guard jobs[Int(slot)].holds.isEmpty else {
            jobs[Int(slot)].shelf.append(JobState.Shelved(indices: range, care: care))
            return
        }
        let number = classNumber(of: slot, care: care)
        let item = ReadyQueue.Item(
            priority: jobs[Int(slot)].priority, deadline: jobs[Int(slot)].deadline, slot: slot, job: jobs[Int(slot)].id,
            lower: range.lowerBound, upper: range.upperBound)
        classes[Int(number)].queue.push(item)
    }

    mutating func lift(ready count: Int, of slot: Int32, care: Care) {
        jobs[Int(slot)].ready[Int(care.rawValue)] += Int32(count)
        if jobs[Int(slot)].holds.isEmpty { lift(ready: count, ofClass: classNumber(of: slot, care: care)) }
    }

    mutating func lower(ready count: Int, of slot: Int32, care: Care) {
        jobs[Int(slot)].ready[Int(care.rawValue)] -= Int32(count)
        if jobs[Int(slot)].holds.isEmpty { lower(ready: count, ofClass: classNumber(of: slot, care: care)) }
    }

    private mutating func lift(ready count: Int, ofClass number: Int32) {
        let number = Int(number)
        classes[number].ready += count
        readyTotal += count
        // Nobody has kept watch over workers for it while none of its tasks was ready.
        classes[number].chance = .any
        if classes[number].activeIndex < 0, classes[number].ready > 0 {
            classes[number].activeIndex = Int32(activeClasses.count)
            activeClasses.append(Int32(number))
        }
    }

    private mutating func lower(ready count: Int, ofClass number: Int32) {
        guard count > 0 else { return }
        classes[Int(number)].ready -= count
        readyTotal -= count
        guard classes[Int(number)].ready == 0, classes[Int(number)].activeIndex >= 0 else { return }
        let hole = Int(classes[Int(number)].activeIndex)
        classes[Int(number)].activeIndex = -1
        let last = activeClasses.removeLast()
        if hole < activeClasses.count {
            activeClasses[hole] = last
            classes[Int(last)].activeIndex = Int32(hole)
        }
        if reservation?.taskClass == number { releaseReservation() }
    }

    /// The next ready task of a class, which stays in its queue. Hints that no longer hold are dropped on the way.
    mutating func first(ofClass number: Int32) -> (item: ReadyQueue.Item, position: Int)? {
        while let item = classes[Int(number)].queue.first {
            guard jobs[Int(item.slot)].isOpen, jobs[Int(item.slot)].id == item.job else {
                classes[Int(number)].queue.removeFirst()
                continue
            }
            guard jobs[Int(item.slot)].holds.isEmpty else {
                classes[Int(number)].queue.removeFirst()
                jobs[Int(item.slot)].shelf.append(
                    JobState.Shelved(indices: item.lower..<item.upper, care: classes[Int(number)].key.care))
                continue
            }
            if let position = jobs[Int(item.slot)].tasks.position(of: item.lower) {
                let entry = jobs[Int(item.slot)].tasks.entries[position]
                if entry.state == .ready, care(of: entry, in: item.slot) == classes[Int(number)].key.care {
                    return (item, position)
                }
            }
            classes[Int(number)].queue.removeFirstIndex()
        }
        return nil
    }

    /// Forgets a class that no job uses, and ranges of ended jobs once they are the greater part of a queue.
    mutating func tidy(classAt number: Int32, withoutJob ended: JobID) {
        if classes[Int(number)].jobs == 0 {
            classNumbers[classes[Int(number)].key] = nil
            classes[Int(number)].queue = ReadyQueue()
            freeClasses.append(number)
        } else if classes[Int(number)].stale > 64, classes[Int(number)].stale * 2 > classes[Int(number)].queue.heap.count {
            classes[Int(number)].stale = 0
            let jobs = self.jobs
            classes[Int(number)].queue.removeAll { item in
                item.job == ended || !jobs[Int(item.slot)].isOpen || jobs[Int(item.slot)].id != item.job
            }
        }
    }

    private mutating func classNumber(of slot: Int32, care: Care) -> Int32 {
        let known = jobs[Int(slot)].classes[Int(care.rawValue)]
        if known >= 0 { return known }
        let key = TaskClass.Key(queue: jobs[Int(slot)].queue, demand: jobs[Int(slot)].demand, care: care)
        let number: Int32
        if let existing = classNumbers[key] {
            number = existing
        } else if let free = freeClasses.popLast() {
            number = free
            classes[Int(number)] = TaskClass(key: key)
            classNumbers[key] = number
        } else {
            number = Int32(classes.count)
            classes.append(TaskClass(key: key))
            classNumbers[key] = number
        }
        classes[Int(number)].jobs += 1
        jobs[Int(slot)].classes[Int(care.rawValue)] = number
        return number
    }
}
