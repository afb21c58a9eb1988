package import Scheduling

/// What a worker offers, as its settings write it.
package enum CapacitySetting {
    /// `licence=2` and the like: resources under names of their own, by number. Throws `E_SETTING`.
    package static func others(_ lines: [String]) throws(WorkerError) -> NamedAmounts {
        var amounts = NamedAmounts()
        for line in lines {
            let (name, value) = try pair(line, of: "resources")
            guard NamedAmounts.isName(name) else {
                throw .setting(
                    "resources", line, "has no name of small letters, digits, '-' and '_' that is not cpu, memory or gpu")
            }
            guard let number = Double(value), (0.001...1_000_000).contains(number) else {
                throw .setting("resources", line, "has the amount '\(value)', not 0.001 to 1000000")
            }
            let milli = Int64((number * 1_000).rounded())
            guard abs(number * 1_000 - Double(milli)) < 1e-6 else {
                throw .setting("resources", line, "has the amount '\(value)', which is no whole number of thousandths")
            }
            guard amounts[name] == 0 else { throw .setting("resources", line, "comes twice") }
            amounts[name] = milli
        }
        guard amounts.list.count <= NamedAmounts.limit else {
            throw .setting("resources", lines.joined(separator: ","), "names more than \(NamedAmounts.limit) resources")
        }
        return amounts
    }

    /// `zone=a` and the like. Throws `E_SETTING`.
    package static func labels(_ lines: [String]) throws(WorkerError) -> [WorkerLabel] {
        var labels: [WorkerLabel] = []
        for line in lines {
            let (key, value) = try pair(line, of: "labels")
            guard WorkerLabel.isWord(key), WorkerLabel.isWord(value) else {
                throw .setting("labels", line, "is not made of 1 to 64 letters, digits, '.', '-', '_' and '/' on both sides")
            }
            guard !labels.contains(where: { $0.key == key }) else { throw .setting("labels", line, "comes twice") }
            labels.append(WorkerLabel(key, value))
        }
        guard labels.count <= WorkerLabel.limit else {
            throw .setting("labels", "\(labels.count) labels", "is more than \(WorkerLabel.limit)")
        }
        return labels.sorted()
    }

    private static func pair(_ line: String, of key: String) throws(WorkerError) -> (String, String) {
        let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .setting(key, line, "has no '='") }
        func trimmed(_ part: Substring) -> String {
            String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        return (trimmed(parts[0]), trimmed(parts[1]))
    }
}
