/// A queue as the scheduler sees it.
struct QueueState: Sendable {
    let weight: Int32
    let quota: Resources?
    /// Sum of the charges of its attempts that may be running, without what only the workers' own names count.
    private(set) var inUse = Resources.zero

    init(_ definition: QueueDefinition) {
        weight = min(max(definition.weight, 1), 1_000_000)
        quota = definition.quota
    }

    mutating func use(_ charge: Amounts, times sign: Int64) {
        inUse.milliCPU &+= sign &* charge.milliCPU
        inUse.memory &+= sign &* charge.memory
        inUse.milliGPU &+= sign &* charge.milliGPU
    }

    /// The largest of its shares of the cluster's cpu, memory and GPUs, for each unit of weight: what fair sharing evens out.
    /// (Ghodsi et al., "Dominant resource fairness", NSDI 2011.)
    func share(of total: Resources) -> Double {
        let cpu = Double(inUse.milliCPU) / Double(max(total.milliCPU, 1))
        let memory = Double(inUse.memory) / Double(max(total.memory, 1))
        let gpu = Double(inUse.milliGPU) / Double(max(total.milliGPU, 1))
        return max(cpu, memory, gpu) / Double(weight)
    }

    /// How many more tasks charged `charge` its quota lets run.
    func room(for charge: Amounts) -> Int {
        guard let quota else { return .max }
        func times(_ limit: Int64, _ used: Int64, _ each: Int64) -> Int64 { each > 0 ? max(limit &- used, 0) / each : .max }
        let count = min(
            times(quota.milliCPU, inUse.milliCPU, charge.milliCPU), times(quota.memory, inUse.memory, charge.memory),
            times(quota.milliGPU, inUse.milliGPU, charge.milliGPU))
        return Int(clamping: count)
    }
}
