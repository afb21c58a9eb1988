import Backtest
import Diagnostics

// Sections that several kinds of job share.

func decodeCosts(_ cursor: Cursor?) -> Costs? {
    guard let cursor else { return Costs.none }
    guard let map = cursor.map(Costs.fields.map(\.key), what: "costs") else { return nil }
    var costs = Costs.none
    var isWhole = true
    for (key, path, _) in Costs.fields {
        guard let value = map[key] else { continue }
        if let number = value.number() { costs[keyPath: path] = number } else { isWhole = false }
    }
    guard isWhole else { return nil }
    do throws(BacktestError) {
        try costs.validate()
        return costs
    } catch {
        cursor.report(error)
        return nil
    }
}

func decodeLimits(_ cursor: Cursor?) -> Limits? {
    guard let cursor else { return Limits.none }
    let keys = ["maxPosition", "maxGross", "maxDrawdown", "stopLoss", "maintenanceMargin", "participation"]
    guard let map = cursor.map(keys, what: "limits") else { return nil }
    let values = keys.map { key in map[key].map { ($0.number(), true) } ?? (nil, false) }
    // A key that is there has a number.
    guard !values.contains(where: { $0.0 == nil && $0.1 }) else { return nil }
    let limits = Limits(
        maxPosition: values[0].0 ?? 1, maxGross: values[1].0, maxDrawdown: values[2].0, stopLoss: values[3].0,
        maintenanceMargin: values[4].0, participation: values[5].0)
    do throws(BacktestError) {
        try limits.validate()
        return limits
    } catch {
        cursor.report(error)
        return nil
    }
}

extension Costs {
    /// Commission and slippage always, the others where they are not zero.
    var json: JSONValue {
        let given = Self.fields.enumerated().filter { $0.offset < 2 || self[keyPath: $0.element.path] != 0 }
        return .object(
            Dictionary(uniqueKeysWithValues: given.map { ($0.element.key, .double(self[keyPath: $0.element.path])) }))
    }
}

extension Limits {
    var json: JSONValue {
        .members([
            "maxPosition": .double(maxPosition), "maxGross": maxGross.map(JSONValue.double),
            "maxDrawdown": maxDrawdown.map(JSONValue.double),
            "stopLoss": stopLoss.map(JSONValue.double), "maintenanceMargin": maintenanceMargin.map(JSONValue.double),
            "participation": participation.map(JSONValue.double),
        ])
    }
}
