/// Events in order of time, then of their scheduling.
struct EventQueue {
    private struct Entry {
        var at: Int64
        var sequence: Int
        var slot: Int
    }

    private var heap: [Entry] = []
    private var sequence = 0
    /// The events themselves stay where they are while the heap moves.
    private var events: [SimulationEvent] = []
    private var free: [Int] = []

    var count: Int { heap.count }

    mutating func push(_ event: SimulationEvent, at: Int64) {
        sequence += 1
        let slot = free.popLast() ?? events.count
        if slot == events.count { events.append(event) } else { events[slot] = event }
        heap.append(Entry(at: at, sequence: sequence, slot: slot))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard precedes(child, parent) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func pop() -> (at: Int64, event: SimulationEvent)? {
        guard !heap.isEmpty else { return nil }
        heap.swapAt(0, heap.count - 1)
        let entry = heap.removeLast()
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, precedes(child + 1, child) { child += 1 }
            guard precedes(child, parent) else { break }
            heap.swapAt(child, parent)
            parent = child
        }
        free.append(entry.slot)
        return (entry.at, events[entry.slot])
    }

    private func precedes(_ a: Int, _ b: Int) -> Bool {
        heap[a].at == heap[b].at ? heap[a].sequence < heap[b].sequence : heap[a].at < heap[b].at
    }
}
