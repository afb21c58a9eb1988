/// A queue as the scheduler sees it.
struct QueueState: Sendable {
    let weight: Int32
    let quota: Resources?
    /// Sum of the charges of its attempts that may be running.
    var inUse = Resources.zero

    init(_ definition: QueueDefinition) {
        weight = min(max(definition.weight, 1), 1_000_000)
        quota = definition.quota
    }

    /// The larger of its shares of the cluster's cpu and memory, for each unit of weight: what fair sharing evens out.
    /// (Ghodsi et al., "Dominant resource fairness", NSDI 2011.)
    func share(of total: Resources) -> Double {
        let cpu = Double(inUse.milliCPU) / Double(max(total.milliCPU, 1))
        let memory = Double(inUse.memory) / Double(max(total.memory, 1))
        return max(cpu, memory) / Double(weight)
    }

    /// How many more tasks charged `charge` its quota lets run.
    func room(for charge: Resources) -> Int {
        guard let quota else { return .max }
        return Int((quota - inUse).slots(of: charge))
    }
}
