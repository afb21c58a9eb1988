/// The workers that hold one dataset.
struct DatasetHolders: Sendable {
    private(set) var workers: [Int32] = []
    /// Where the next search begins.
    private var cursor = 0

    /// A preference is not worth more than this many looks.
    private static let looks = 16

    mutating func add(_ worker: Int32) { workers.append(worker) }

    mutating func remove(_ worker: Int32) {
        guard let place = workers.firstIndex(of: worker) else { return }
        workers.swapAt(place, workers.count - 1)
        workers.removeLast()
    }

    /// The first one from where the last search ended that is accepted, if it is among the next few.
    mutating func next(where accepts: (Int32) -> Bool) -> Int32? {
        for _ in 0..<min(workers.count, DatasetHolders.looks) {
            if cursor >= workers.count { cursor = 0 }
            if accepts(workers[cursor]) { return workers[cursor] }
            cursor += 1
        }
        return nil
    }
}
