package import Search

/// A number of a strategy as a spec gives it: fixed, or left to the search.
package enum Setting: Sendable, Hashable {
    case fixed(ParameterValue)
    case search(Distribution)

    /// The largest value it can take; nil when it is no number.
    package var largest: Double? {
        switch self {
        case .fixed(let value): value.number
        case .search(.float(_, let high, _, _)): high
        case .search(.int(_, let high, _, _)): Double(high)
        case .search(.categorical(let choices)), .search(.ordinal(let choices)): choices.compactMap(\.number).max()
        }
    }

    var json: JSONValue {
        switch self {
        case .fixed(let value): value.json
        case .search(.float(let low, let high, let log, let step)):
            .members(["float": .list([.double(low), .double(high)]), "log": .bool(log), "step": step.map(JSONValue.double)])
        case .search(.int(let low, let high, let log, let step)):
            .members(["int": .list([.int(low), .int(high)]), "log": .bool(log), "step": .int(step)])
        case .search(.categorical(let choices)): .object(["choice": .list(choices.map(\.json))])
        case .search(.ordinal(let choices)): .object(["ordinal": .list(choices.map(\.json))])
        }
    }
}

extension ParameterValue {
    var json: JSONValue {
        switch self {
        case .double(let value): .double(value)
        case .int(let value): .int(value)
        case .string(let value): .string(value)
        }
    }
}
