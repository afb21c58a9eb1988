/// What each task of a job needs to run. Jobs that need the same are placed alike, so a million of their tasks cost one look.
package struct Demand: Hashable, Sendable {
    /// What a task asks for: any one of these, the earlier the better.
    package private(set) var choices: [Resources]
    /// What the labels of its worker must be; all of these.
    package private(set) var conditions: [LabelCondition]
    /// How many tasks with consecutive indices, the first a multiple of it, are a gang: they start together or not at all, and what
    /// becomes of one of them other than its success becomes of all. A gang's tasks depend on no others.
    package private(set) var gang: Int32

    /// The most choices a task may have.
    package static let choiceLimit = 8
    /// The most tasks of one gang.
    package static let gangLimit: Int32 = 1_024

    package init(_ choices: [Resources], conditions: [LabelCondition] = [], gang: Int32 = 1) {
        self.gang = min(max(gang, 1), Demand.gangLimit)
        self.choices = choices.prefix(Demand.choiceLimit).map(\.asCharge)
        if choices.isEmpty { self.choices = [Resources.zero.asCharge] }
        self.conditions = conditions.sorted()
    }

    package func accepts(_ labels: [WorkerLabel]) -> Bool {
        conditions.allSatisfy { condition in
            labels.contains { $0.key == condition.key && condition.values.contains($0.value) }
        }
    }
}

/// A word that says something of a worker, such as `zone=a`.
package struct WorkerLabel: Hashable, Comparable, Sendable {
    package var key: String
    package var value: String
    package init(_ key: String, _ value: String) { (self.key, self.value) = (key, value) }
    package static func < (a: WorkerLabel, b: WorkerLabel) -> Bool { (a.key, a.value) < (b.key, b.value) }

    /// Whether a key or value may stand in a label: 1 to 64 letters, digits, `.`, `-`, `_` and `/`.
    package static func isWord(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "/"): true
                default: false
                }
            }
    }

    /// The most labels that a worker may have.
    package static let limit = 32
}

/// The worker's label `key` must have one of `values`.
package struct LabelCondition: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var key: String
    package var values: [String]
    package init(_ key: String, _ values: [String]) { (self.key, self.values) = (key, values.sorted()) }
    package static func < (a: LabelCondition, b: LabelCondition) -> Bool { a.key < b.key }
    package var description: String { "\(key)=\(values.joined(separator: "|"))" }
}
