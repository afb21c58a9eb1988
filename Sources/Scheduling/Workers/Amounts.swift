/// Resources on the workers of one kind, as plain numbers side by side. What a task is charged and what a worker has free compare
/// one by one; a charge is for whole GPUs or for a part of one, never both.
struct Amounts: Hashable, Sendable {
    var milliCPU: Int64 = 0
    var memory: Int64 = 0
    /// Thousandths of GPUs that are taken whole, or that nobody uses.
    var wholeGPUs: Int32 = 0
    /// Thousandths of one GPU, or the most that is free of a single one.
    var partGPU: Int32 = 0
    /// Thousandths of the kind's named resources, in the order of its names.
    var others = SIMD4<Int32>(repeating: 0)

    static let zero = Amounts()
    /// Nothing fits into this.
    static let none = Amounts(milliCPU: -1, memory: -1)
    /// This fits nowhere.
    static let tooMuch = Amounts(milliCPU: Resources.limit.milliCPU + 1, memory: 0)

    /// What `resources` come to where the named ones are `names`; nil where one of them does not exist at all.
    init?(_ resources: Resources, names: [String]) {
        self.init(unnamed: resources)
        for other in resources.others.list {
            guard let lane = names.firstIndex(of: other.name), lane < 4 else { return nil }
            others[lane] = Int32(clamping: other.milli)
        }
    }

    /// What every worker counts of `resources`.
    init(unnamed resources: Resources) {
        self.init(milliCPU: resources.milliCPU, memory: resources.memory)
        if resources.milliGPU >= 1_000 {
            wholeGPUs = Int32(clamping: resources.milliGPU)
        } else {
            partGPU = Int32(resources.milliGPU)
        }
    }

    /// The capacity of a worker whose named resources are `names`.
    init(capacity: Resources, names: [String]) {
        self.init(milliCPU: capacity.milliCPU, memory: capacity.memory)
        wholeGPUs = Int32(clamping: capacity.milliGPU)
        partGPU = min(wholeGPUs, 1_000)
        for (lane, name) in names.prefix(4).enumerated() { others[lane] = Int32(clamping: capacity.others[name]) }
    }

    /// The resources that these numbers stand for.
    func resources(names: [String]) -> Resources {
        let named = names.prefix(4).enumerated().map { (name: $1, milli: Int64(others[$0])) }
        return Resources(milliCPU: milliCPU, memory: memory, milliGPU: milliGPU, others: NamedAmounts(named))
    }

    private init(milliCPU: Int64 = 0, memory: Int64 = 0) { (self.milliCPU, self.memory) = (milliCPU, memory) }

    var milliGPU: Int64 { Int64(wholeGPUs) + Int64(partGPU) }

    func fits(in room: Amounts) -> Bool {
        milliCPU <= room.milliCPU && memory <= room.memory && wholeGPUs <= room.wholeGPUs && partGPU <= room.partGPU
            && (others[0] <= room.others[0] && others[1] <= room.others[1] && others[2] <= room.others[2]
                && others[3] <= room.others[3])
    }

    /// How many tasks that are charged `charge` each find room side by side, `gpus` of them on the GPUs.
    func slots(of charge: Amounts, gpus: Int32) -> Int32 {
        guard charge.fits(in: self) else { return 0 }
        var count = min(milliCPU / max(charge.milliCPU, 1), Int64(gpus))
        if charge.memory > 0 { count = min(count, memory / charge.memory) }
        for lane in 0..<4 where charge.others[lane] > 0 { count = min(count, Int64(others[lane] / charge.others[lane])) }
        return Int32(clamping: count)
    }

    /// The same where the named resources are `new` instead of `old`; beyond any room when one of them is gone.
    func renamed(from old: [String], to new: [String]) -> Amounts {
        var result = self
        result.others = .zero
        for (lane, name) in old.enumerated() where others[lane] > 0 {
            guard let place = new.firstIndex(of: name) else { return .tooMuch }
            result.others[place] = others[lane]
        }
        return result
    }

    /// The larger of both, number by number.
    func larger(_ other: Amounts) -> Amounts {
        var result = self
        result.milliCPU = max(milliCPU, other.milliCPU)
        result.memory = max(memory, other.memory)
        result.wholeGPUs = max(wholeGPUs, other.wholeGPUs)
        result.partGPU = max(partGPU, other.partGPU)
        result.others = others.replacing(with: other.others, where: other.others .> others)
        return result
    }

    static func += (a: inout Amounts, b: Amounts) {
        a.milliCPU &+= b.milliCPU
        a.memory &+= b.memory
        a.wholeGPUs &+= b.wholeGPUs
        a.partGPU &+= b.partGPU
        a.others &+= b.others
    }
    static func -= (a: inout Amounts, b: Amounts) {
        a.milliCPU &-= b.milliCPU
        a.memory &-= b.memory
        a.wholeGPUs &-= b.wholeGPUs
        a.partGPU &-= b.partGPU
        a.others &-= b.others
    }
}
