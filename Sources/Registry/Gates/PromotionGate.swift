/// The condition for a promotion, such as `deflatedSharpe > 0.95 and challenger.sharpe > champion.sharpe`: comparisons of a
/// named value with a number or another named value, all of which must hold.
package struct PromotionGate: Sendable, Hashable {
    /// What stands on one side of a comparison.
    package enum Operand: Sendable, Hashable, CustomStringConvertible {
        /// A value that `evaluate` is given by this name.
        case name(String)
        case number(Double)

        package var description: String {
            switch self {
            case .name(let name): name
            case .number(let number): "\(number)"
            }
        }
    }

    /// How the two sides must relate.
    package enum Relation: String, Sendable, Hashable, CaseIterable {
        case greaterOrEqual = ">="
        case lessOrEqual = "<="
        case greater = ">"
        case less = "<"

        func holds(_ a: Double, _ b: Double) -> Bool {
            switch self {
            case .greaterOrEqual: a >= b
            case .lessOrEqual: a <= b
            case .greater: a > b
            case .less: a < b
            }
        }
    }

    /// One condition.
    package struct Comparison: Sendable, Hashable, CustomStringConvertible {
        package let left: Operand
        package let relation: Relation
        package let right: Operand
        package var description: String { "\(left) \(relation.rawValue) \(right)" }
    }

    package let comparisons: [Comparison]

    /// The longest text of a gate, in bytes.
    package static let textLimit = 1_000

    /// Parses a gate. Throws `E_GATE_SYNTAX` whose place is the byte offset of the mistake in `text`.
    package init(parsing text: String) throws(RegistryError) {
        guard text.utf8.count <= Self.textLimit else {
            throw GateParser.failure("a gate has at most \(Self.textLimit) bytes, not \(text.utf8.count)", at: 0)
        }
        var parser = GateParser(text)
        comparisons = try parser.parse()
    }

    /// All names that the comparisons use, each once, in order of appearance.
    package var names: [String] {
        var names: [String] = []
        for comparison in comparisons {
            for case .name(let name) in [comparison.left, comparison.right] where !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Decides with the values by name. A name that is missing, or whose value is NaN, fails its comparison.
    package func evaluate(values: [String: Double]) -> GateVerdict {
        var verdict = GateVerdict(passed: true, values: [:], missing: [], failed: [])
        for name in names {
            if let value = values[name], !value.isNaN { verdict.values[name] = value } else { verdict.missing.append(name) }
        }
        for comparison in comparisons {
            let left = Self.value(of: comparison.left, verdict.values)
            let right = Self.value(of: comparison.right, verdict.values)
            if let left, let right, comparison.relation.holds(left, right) { continue }
            verdict.passed = false
            verdict.failed.append(comparison.description)
        }
        return verdict
    }

    private static func value(of operand: Operand, _ values: [String: Double]) -> Double? {
        switch operand {
        case .name(let name): values[name]
        case .number(let number): number
        }
    }
}

extension PromotionGate: CustomStringConvertible {
    /// The gate in its one canonical spelling, which parses back to the same gate.
    package var description: String { comparisons.map(\.description).joined(separator: " and ") }
}

extension PromotionGate: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// What a gate decided, and on what.
package struct GateVerdict: Sendable, Hashable, Codable {
    package var passed: Bool
    /// The values of the gate's names, for the promotion's record.
    package var values: [String: Double]
    /// Names of the gate that had no value, in order of appearance.
    package var missing: [String]
    /// The comparisons that did not hold, in order.
    package var failed: [String]
    package init(passed: Bool, values: [String: Double], missing: [String], failed: [String]) {
        self.passed = passed
        self.values = values
        self.missing = missing
        self.failed = failed
    }
}
