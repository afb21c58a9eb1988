import Scheduling

/// How specs write which workers a job's tasks may run on: `where: {zone: a, disk: [ssd, nvme]}`.
enum ConditionsForm {
    /// In order of key; nil after what is wrong has been reported.
    static func decode(_ cursor: Cursor) -> [LabelCondition]? {
        guard let map = cursor.anyMap(what: "the labels of a worker") else { return nil }
        guard map.entries.count <= WorkerLabel.limit else {
            cursor.report("E_SPEC_RANGE", "a worker has at most \(WorkerLabel.limit) labels")
            return nil
        }
        var (conditions, isWhole) = ([LabelCondition](), true)
        for (key, value) in map.items {
            guard let values = texts(value), isLabel(key, value), values.allSatisfy({ isLabel($0, value) }) else {
                isWhole = false
                continue
            }
            conditions.append(LabelCondition(key, Array(Set(values))))
        }
        return isWhole ? conditions.sorted() : nil
    }

    static func json(_ conditions: [LabelCondition]) -> JSONValue? {
        if conditions.isEmpty { return nil }
        let members = conditions.map { condition in
            let values = condition.values.map(JSONValue.string)
            return (condition.key, values.count == 1 ? values[0] : .list(values))
        }
        return .object(Dictionary(members) { first, _ in first })
    }

    private static func texts(_ cursor: Cursor) -> [String]? {
        guard case .list = cursor.node.content else { return cursor.string("the value of a label").map { [$0] } }
        guard let items = cursor.list(of: "values of a label") else { return nil }
        guard (1...64).contains(items.count) else {
            cursor.report("E_SPEC_RANGE", "a label may have one of 1 to 64 values, not of \(items.count)")
            return nil
        }
        let texts = items.map { $0.string("the value of a label") }
        return texts.contains(nil) ? nil : texts.compactMap { $0 }
    }

    private static func isLabel(_ text: String, _ cursor: Cursor) -> Bool {
        if WorkerLabel.isWord(text) { return true }
        cursor.report(
            "E_SPEC_RANGE", "\(SpecNode.shown(text)) cannot be a label of a worker",
            hint: "1 to 64 letters, digits, '.', '-', '_' and '/'")
        return false
    }
}
