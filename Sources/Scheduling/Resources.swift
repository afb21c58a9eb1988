/// What a task asks for or a worker offers: cpu in thousandths of a core, memory in bytes.
package struct Resources: Hashable, Sendable, Codable, CustomStringConvertible {
    package var milliCPU: Int64
    package var memory: Int64
    package init(milliCPU: Int64, memory: Int64) { (self.milliCPU, self.memory) = (milliCPU, memory) }

    package static let zero = Resources(milliCPU: 0, memory: 0)
    /// The largest worker anyone may claim to be: 4096 cores and 64 TiB.
    package static let limit = Resources(milliCPU: 4_096_000, memory: 64 << 40)
    /// Whether a worker may claim this as its capacity: nothing negative, nothing beyond `limit`. A worker that claims
    /// anything else (`E_CAPACITY`) is given no tasks.
    package var isPlausibleCapacity: Bool { milliCPU >= 0 && memory >= 0 && fits(in: .limit) }
    /// What a task that asks for this is charged: at least a thousandth of a core, no negative memory, and at most just
    /// more than any worker has, so that sums of charges stay far from overflow.
    package var asCharge: Resources {
        Resources(
            milliCPU: min(max(milliCPU, 1), Resources.limit.milliCPU + 1), memory: min(max(memory, 0), Resources.limit.memory + 1)
        )
    }
    /// Such as `1.5 cores and 512 MiB`; memory in the largest unit that leaves a whole number.
    package var description: String {
        let thousandths = milliCPU % 1_000
        let fraction = thousandths == 0 ? "" : "." + String(1_000 + thousandths.magnitude).dropFirst()
        var (amount, unit) = (memory, 0)
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while unit + 1 < units.count, amount != 0, amount % 1_024 == 0 { (amount, unit) = (amount / 1_024, unit + 1) }
        return "\(milliCPU / 1_000)\(fraction) \(milliCPU == 1_000 ? "core" : "cores") and \(amount) \(units[unit])"
    }

    /// How many tasks charged `charge` each fit side by side in this capacity.
    func slots(of charge: Resources) -> Int32 {
        guard milliCPU >= 0, memory >= 0, charge.fits(in: self) else { return 0 }
        let byCPU = milliCPU / max(charge.milliCPU, 1)
        let count = charge.memory > 0 ? min(byCPU, memory / charge.memory) : byCPU
        return Int32(truncatingIfNeeded: min(count, Int64(Int32.max)))
    }
    /// Whether this much fits inside `available`.
    package func fits(in available: Resources) -> Bool { milliCPU <= available.milliCPU && memory <= available.memory }
    package static func + (a: Resources, b: Resources) -> Resources {
        Resources(milliCPU: a.milliCPU &+ b.milliCPU, memory: a.memory &+ b.memory)
    }
    package static func - (a: Resources, b: Resources) -> Resources {
        Resources(milliCPU: a.milliCPU &- b.milliCPU, memory: a.memory &- b.memory)
    }
}
