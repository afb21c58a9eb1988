/// What a task asks for or a worker offers. All of it is whole numbers, so that sums of parts are exact.
package struct Resources: Hashable, Sendable, Codable, CustomStringConvertible {
    /// Thousandths of a core.
    package var milliCPU: Int64
    /// Bytes.
    package var memory: Int64
    /// Thousandths of a GPU. A task asks for whole ones or for a part of a single one; a worker has whole ones.
    package var milliGPU: Int64
    /// What the cluster counts under names of its own, in thousandths.
    package var others: NamedAmounts
    package init(milliCPU: Int64, memory: Int64, milliGPU: Int64 = 0, others: NamedAmounts = NamedAmounts()) {
        (self.milliCPU, self.memory, self.milliGPU, self.others) = (milliCPU, memory, milliGPU, others)
    }

    package static let zero = Resources(milliCPU: 0, memory: 0)
    /// The largest worker anyone may claim to be: 4096 cores, 64 TiB and 16 GPUs.
    package static let limit = Resources(milliCPU: 4_096_000, memory: 64 << 40, milliGPU: 16_000)
    /// Whether a worker may claim this as its capacity: nothing negative, nothing beyond `limit`, no part of a GPU. A worker that
    /// claims anything else (`E_CAPACITY`) is given no tasks.
    package var isPlausibleCapacity: Bool {
        milliCPU >= 0 && memory >= 0 && milliGPU >= 0 && milliGPU % 1_000 == 0 && others.isPlausible
            && milliCPU <= Resources.limit.milliCPU && memory <= Resources.limit.memory && milliGPU <= Resources.limit.milliGPU
    }
    /// What a task that asks for this is charged: at least a thousandth of a core, nothing negative, whole GPUs beyond a part of
    /// one, and at most just more than any worker has, so that sums of charges stay far from overflow.
    package var asCharge: Resources {
        func limited(_ amount: Int64, _ limit: Int64) -> Int64 { min(max(amount, 0), limit + 1) }
        var gpu = limited(milliGPU, Resources.limit.milliGPU)
        if gpu > 1_000 { gpu = (gpu + 999) / 1_000 * 1_000 }
        return Resources(
            milliCPU: max(limited(milliCPU, Resources.limit.milliCPU), 1), memory: limited(memory, Resources.limit.memory),
            milliGPU: gpu, others: others.asCharge)
    }
    /// Such as `1.5 cores and 512 MiB`; memory in the largest unit that leaves a whole number.
    package var description: String {
        var (amount, unit) = (memory, 0)
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while unit + 1 < units.count, amount != 0, amount % 1_024 == 0 { (amount, unit) = (amount / 1_024, unit + 1) }
        var parts = ["\(Resources.units(milliCPU)) \(milliCPU == 1_000 ? "core" : "cores")", "\(amount) \(units[unit])"]
        if milliGPU != 0 { parts.append("\(Resources.units(milliGPU)) \(milliGPU == 1_000 ? "GPU" : "GPUs")") }
        parts += others.list.map { "\(Resources.units($0.milli)) \($0.name)" }
        return "\(parts.dropLast().joined(separator: ", ")) and \(parts[parts.count - 1])"
    }
    /// What every worker counts of it.
    package var withoutOthers: Resources { Resources(milliCPU: milliCPU, memory: memory, milliGPU: milliGPU) }

    /// Thousandths as people write them: `1.500` for 1,500 and `2` for 2,000.
    package static func units(_ thousandths: Int64) -> String {
        let rest = thousandths % 1_000
        return "\(thousandths / 1_000)\(rest == 0 ? "" : "." + String(1_000 + rest.magnitude).dropFirst())"
    }

    /// Whether this much is inside `available`, all GPUs together.
    package func fits(in available: Resources) -> Bool {
        milliCPU <= available.milliCPU && memory <= available.memory && milliGPU <= available.milliGPU
            && others.fits(in: available.others)
    }
    package static func + (a: Resources, b: Resources) -> Resources {
        Resources(
            milliCPU: a.milliCPU &+ b.milliCPU, memory: a.memory &+ b.memory, milliGPU: a.milliGPU &+ b.milliGPU,
            others: a.others.adding(b.others, times: 1))
    }
    package static func - (a: Resources, b: Resources) -> Resources {
        Resources(
            milliCPU: a.milliCPU &- b.milliCPU, memory: a.memory &- b.memory, milliGPU: a.milliGPU &- b.milliGPU,
            others: a.others.adding(b.others, times: -1))
    }

    /// How much of this is not there in `available`: the sum of the missing shares of each resource, 0 when it fits.
    package func lacking(in available: Resources) -> Double { shortages(in: available).reduce(0) { $0 + $1.share } }

    /// The names of what is asked for here and not there in `available`: `gpu`, or `cpu and memory`.
    package func shortageNames(in available: Resources) -> String {
        shortages(in: available).map(\.name).joined(separator: " and ")
    }

    /// What is asked for here and not there in `available`, by name, with the missing share of each, largest first.
    package func shortages(in available: Resources) -> [(name: String, share: Double)] {
        var found: [(name: String, share: Double)] = []
        func compare(_ name: String, _ asked: Int64, _ there: Int64) {
            if asked > there { found.append((name, Double(asked - max(there, 0)) / Double(max(asked, 1)))) }
        }
        compare("cpu", milliCPU, available.milliCPU)
        compare("memory", memory, available.memory)
        compare("gpu", milliGPU, available.milliGPU)
        for other in others.list { compare(other.name, other.milli, available.others[other.name]) }
        return found.sorted { ($1.share, $0.name) < ($0.share, $1.name) }
    }
}
