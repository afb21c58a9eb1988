/// Workers of like capacity. The tasks that one of them can take, all can take, so the shortest queue among them is one look.
struct WorkerKind: Sendable {
    /// What each of them has at least.
    let floor: Resources
    var room = RoomIndex()
    /// Where the next search for room starts, so that work goes round.
    var cursor: Int32 = 0

    /// With more kinds than this, new ones take in all capacities of the same cpu whose memory differs by less than an eighth.
    static let exactKinds = 64

    static func floor(of capacity: Resources) -> Resources {
        let top = 63 - max(capacity.memory, 1).leadingZeroBitCount
        let step = Int64(max(top - 3, 0))
        return Resources(milliCPU: capacity.milliCPU, memory: (capacity.memory >> step) << step)
    }
}
