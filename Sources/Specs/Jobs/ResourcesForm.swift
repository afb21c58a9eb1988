import Scheduling

/// How specs write what a task asks for: `{cpu: 1, memory: 512MiB, gpu: 0.5, named: {licence: 1}}`, or a list of such when any one
/// of them will do, and `where: {zone: a}` for the labels of its worker.
enum ResourcesForm {
    private static let keys = ["cpu", "memory", "gpu", "named"]

    /// The choices in order of preference, at least one; nil after what is wrong has been reported.
    static func decode(_ cursor: Cursor) -> [Resources]? {
        guard case .list = cursor.node.content else { return one(cursor).map { [$0] } }
        guard let items = cursor.list(of: "resources") else { return nil }
        guard (1...Demand.choiceLimit).contains(items.count) else {
            cursor.report("E_SPEC_RANGE", "there are 1 to \(Demand.choiceLimit) choices of resources, not \(items.count)")
            return nil
        }
        let choices = items.map(one)
        return choices.contains(nil) ? nil : choices.compactMap { $0 }
    }

    static func json(_ choices: [Resources]) -> JSONValue {
        choices.count == 1 ? json(choices[0]) : .list(choices.map(json))
    }

    private static func one(_ cursor: Cursor) -> Resources? {
        guard let map = cursor.map(keys, what: "resources") else { return nil }
        let cpu = map["cpu"].map { $0.thousandths(0.001...4_096) } ?? 1_000
        let memory = map["memory"].map { $0.memory((1 << 20)...(1 << 50)) } ?? JobSpec.defaultResources.memory
        let gpu = map["gpu"].map(gpus) ?? 0
        let others = map["named"].map(named) ?? NamedAmounts()
        guard let cpu, let memory, let gpu, let others else { return nil }
        return Resources(milliCPU: cpu, memory: memory, milliGPU: gpu, others: others)
    }

    private static func gpus(_ cursor: Cursor) -> Int64? {
        guard let milli = cursor.thousandths(0...16) else { return nil }
        guard milli < 1_000 || milli % 1_000 == 0 else {
            cursor.report(
                "E_SPEC_RANGE", "a task takes whole GPUs or a part of a single one, not \(Resources.units(milli))",
                hint: "write \(milli / 1_000) or \(milli / 1_000 + 1)")
            return nil
        }
        return milli
    }

    private static func named(_ cursor: Cursor) -> NamedAmounts? {
        guard let map = cursor.anyMap(what: "named resources") else { return nil }
        guard map.entries.count <= NamedAmounts.limit else {
            cursor.report("E_SPEC_RANGE", "a task asks for at most \(NamedAmounts.limit) named resources")
            return nil
        }
        var (amounts, isWhole) = (NamedAmounts(), true)
        for (name, value) in map.items {
            if !NamedAmounts.isName(name) {
                let isReserved = NamedAmounts.reserved.contains(name)
                value.report(
                    "E_SPEC_RANGE", "\(SpecNode.shown(name)) is no name for a resource",
                    hint: isReserved
                        ? "write \(name) beside named" : "up to 32 small letters, digits, '-' and '_', a letter first")
                isWhole = false
            } else if let milli = value.thousandths(0.001...1_000_000) {
                amounts[name] = milli
            } else {
                isWhole = false
            }
        }
        return isWhole ? amounts : nil
    }

    private static func json(_ resources: Resources) -> JSONValue {
        var members: [String: JSONValue] = ["cpu": number(resources.milliCPU), "memory": .int(Int(resources.memory))]
        if resources.milliGPU > 0 { members["gpu"] = number(resources.milliGPU) }
        if !resources.others.list.isEmpty {
            members["named"] = .object(
                Dictionary(uniqueKeysWithValues: resources.others.list.map { ($0.name, number($0.milli)) }))
        }
        return .object(members)
    }

    private static func number(_ milli: Int64) -> JSONValue {
        milli % 1_000 == 0 ? .int(Int(milli / 1_000)) : .double(Double(milli) / 1_000)
    }
}
