/// The ready tasks of one class over all jobs, in the order they shall run: higher priority first, then the earlier deadline, then
/// job, then index.
///
/// It holds ranges, so a million tasks of a fresh job are one element. What it holds are hints: whoever takes an index
/// looks whether that task is still ready, which spares searching the queue when a task leaves it by another way.
struct ReadyQueue: Sendable {
    struct Item: Sendable {
        var priority: Int32
        /// Nanoseconds; the largest number when there is none.
        var deadline: Int64
        var slot: Int32
        var job: JobID
        var lower: Int32
        var upper: Int32

        func precedes(_ other: Item) -> Bool {
            if priority != other.priority { return priority > other.priority }
            if deadline != other.deadline { return deadline < other.deadline }
            if job != other.job { return job < other.job }
            return lower < other.lower
        }
    }

    private(set) var heap: [Item] = []
    /// A copy of the first range, because it is looked at much more often than the rest.
    private(set) var first: Item?

    mutating func push(_ item: Item) {
        heap.append(item)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard item.precedes(heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = item
        first = heap[0]
    }

    /// Takes the lowest index off the first range.
    mutating func removeFirstIndex() {
        guard !heap.isEmpty else { return }
        heap[0].lower += 1
        if heap[0].lower >= heap[0].upper { return removeFirst() }
        sink(from: 0)
        first = heap[0]
    }

    /// Takes off the whole first range.
    mutating func removeFirst() {
        guard let last = heap.popLast(), !heap.isEmpty else {
            first = nil
            return
        }
        heap[0] = last
        sink(from: 0)
        first = heap[0]
    }

    /// Drops the ranges that `isStale` names.
    mutating func removeAll(where isStale: (Item) -> Bool) {
        heap.removeAll(where: isStale)
        for parent in stride(from: heap.count / 2 - 1, through: 0, by: -1) { sink(from: parent) }
        first = heap.first
    }

    private mutating func sink(from start: Int) {
        let item = heap[start]
        var parent = start
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
            guard heap[child].precedes(item) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = item
    }
}
