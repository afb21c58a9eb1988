/// How many there are of each priority; few priorities are in use at once.
struct PriorityCounts: Sendable, Equatable {
    private struct Count: Equatable {
        var priority: Int32
        var count: Int32
    }

    private var counts: [Count] = []

    var lowest: Int32? { counts.first?.priority }

    mutating func add(_ priority: Int32, _ change: Int32) {
        let place = counts.firstIndex { $0.priority >= priority } ?? counts.count
        if place < counts.count, counts[place].priority == priority {
            counts[place].count += change
            if counts[place].count <= 0 { counts.remove(at: place) }
        } else if change > 0 {
            counts.insert(Count(priority: priority, count: change), at: place)
        }
    }
}
