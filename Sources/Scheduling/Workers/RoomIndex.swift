/// Finds workers with room without looking at every worker: a segment tree whose leaves are workers and whose inner nodes
/// hold the most room and the shortest queue below them. Every operation costs the logarithm of the number of workers.
struct RoomIndex: Sendable {
    struct Node: Sendable, Equatable {
        var room: Amounts
        var waiting: Int32

        static let none = Node(room: .none, waiting: .max)

        func joined(with other: Node) -> Node {
            Node(room: room.larger(other.room), waiting: min(waiting, other.waiting))
        }
    }

    private(set) var workers: [Int32] = []
    private var nodes: [Node] = [.none, .none]
    private var width = 1
    private var free: [Int32] = []

    var count: Int { workers.count - free.count }

    /// Adds a leaf for the worker in `slot`; without room until `update` says otherwise.
    mutating func insert(_ slot: Int32) -> Int32 {
        if let leaf = free.popLast() {
            workers[Int(leaf)] = slot
            return leaf
        }
        workers.append(slot)
        if workers.count > width {
            width *= 2
            var grown = [Node](repeating: .none, count: 2 * width)
            for leaf in 0..<width / 2 { grown[width + leaf] = nodes[width / 2 + leaf] }
            for node in stride(from: width - 1, to: 0, by: -1) { grown[node] = grown[2 * node].joined(with: grown[2 * node + 1]) }
            nodes = grown
        }
        return Int32(workers.count - 1)
    }

    mutating func remove(_ leaf: Int32) {
        update(leaf, .none)
        workers[Int(leaf)] = -1
        free.append(leaf)
    }

    mutating func update(_ leaf: Int32, _ value: Node) {
        var node = width + Int(leaf)
        guard nodes[node] != value else { return }
        nodes[node] = value
        while node > 1 {
            node /= 2
            let joined = nodes[2 * node].joined(with: nodes[2 * node + 1])
            guard nodes[node] != joined else { return }
            nodes[node] = joined
        }
    }

    /// The first leaf from `start` on, and then from the beginning, whose worker has room for `charge` and is accepted.
    func next(from start: Int32, fitting charge: Amounts, where accepts: (Int32) -> Bool) -> Int32? {
        let start = start < width ? Int(start) : 0
        if let leaf = firstLeaf(in: start..<width, fitting: charge, where: accepts) { return leaf }
        return start > 0 ? firstLeaf(in: 0..<start, fitting: charge, where: accepts) : nil
    }

    /// The first leaf from `start` on whose worker has room for `charge` and is accepted.
    func following(_ start: Int32, fitting charge: Amounts, where accepts: (Int32) -> Bool) -> Int32? {
        Int(start) < width ? firstLeaf(in: Int(start)..<width, fitting: charge, where: accepts) : nil
    }

    /// A leaf with the shortest queue, the first among equals, when that queue is at most `limit` long.
    func shortestQueue(atMost limit: Int32) -> (leaf: Int32, waiting: Int32)? {
        let shortest = nodes[1].waiting
        guard shortest <= limit, shortest < .max else { return nil }
        var node = 1
        while node < width { node = nodes[2 * node].waiting == shortest ? 2 * node : 2 * node + 1 }
        return (Int32(node - width), shortest)
    }

    private func firstLeaf(in range: Range<Int>, fitting charge: Amounts, where accepts: (Int32) -> Bool) -> Int32? {
        var node = width + range.lowerBound
        while true {
            if charge.fits(in: nodes[node].room) {
                if node < width {
                    node *= 2
                    continue
                }
                if node - width >= range.upperBound { return nil }
                if accepts(workers[node - width]) { return Int32(node - width) }
            }
            while node & 1 == 1 {
                node /= 2
                if node <= 1 { return nil }
            }
            node += 1
        }
    }
}
