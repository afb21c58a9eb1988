/// Workers of like capacity and labels. The tasks that one of them can take, all can take, so the shortest queue among them is one
/// look.
struct WorkerKind: Sendable {
    struct Key: Hashable, Sendable {
        /// What each of them has at least.
        var floor: Resources
        /// The labels that all of them have; nil when they differ, so that each must be looked at.
        var labels: [WorkerLabel]?
    }

    let key: Key
    /// The named resources that they have, in the order of their amounts.
    let names: [String]
    /// The floor in numbers.
    let floor: Amounts
    var room = RoomIndex()
    /// Where the next search for room starts, so that work goes round.
    var cursor: Int32 = 0

    init(key: Key) {
        self.key = key
        names = key.floor.others.list.map(\.name)
        floor = Amounts(capacity: key.floor, names: names)
    }

    /// How many tasks that are charged `charge` one of them takes at least.
    func slots(of charge: Amounts) -> Int32 {
        let gpus = GPUs(count: Int(key.floor.milliGPU / 1_000))
        return floor.slots(of: charge, gpus: charge.milliGPU > 0 ? gpus.slots(of: Int32(charge.milliGPU)) : .max)
    }

    /// With more kinds than this, new ones take in all capacities that only differ in memory and by less than an eighth, and
    /// whatever labels.
    static let exactKinds = 64

    static func roughKey(of capacity: Resources) -> Key {
        let top = 63 - max(capacity.memory, 1).leadingZeroBitCount
        let step = Int64(max(top - 3, 0))
        var floor = capacity
        floor.memory = (capacity.memory >> step) << step
        return Key(floor: floor, labels: nil)
    }
}
