import Backtest
import Diagnostics
import MarketData

// Sections that several kinds of job share.

/// `horizon` is the label's longest reach: the purge is at least that, and exactly that when it is not given.
func decodeWalkForward(_ cursor: Cursor, horizon: Int) -> WalkForward? {
    let keys = ["kind", "unit", "anchor", "train", "test", "step", "purge", "embargo"]
    guard let map = cursor.map(keys, what: "a walk-forward plan") else { return nil }
    let any = (-WalkForward.maximumBars)...(WalkForward.maximumBars)
    let kind = map["kind"].map { $0.name(of: WalkForward.Kind.self, what: "walk-forward plan") } ?? .rolling
    let unit = map["unit"].map { $0.name(of: WalkForward.Unit.self, what: "unit of windows") } ?? .bars
    let counted = (unit ?? .bars).rawValue
    let anchor = map["anchor"].map { decodeAnchor($0, unit: unit) } ?? .some(nil)
    let train = map.required("train")?.int(any, unit: counted)
    let test = map.required("test")?.int(any, unit: counted)
    let step = map["step"].map { $0.int(any, unit: counted) } ?? test
    let purge = map["purge"].map { $0.int(any, unit: "bars") } ?? horizon
    let embargo = map["embargo"].map { $0.int(any, unit: "bars") } ?? 0
    guard let kind, let unit, let anchor, let train, let test, let step, let purge, let embargo else { return nil }
    let plan = WalkForward(
        kind: kind, train: train, test: test, step: step, purge: purge, embargo: embargo, unit: unit, anchor: anchor)
    do throws(MarketDataError) {
        try plan.validate()
    } catch {
        // The plan names its keys from the root of a spec; here they are below the cursor.
        var place = error.place
        if case .key(let key) = place, key.hasPrefix("/walkForward") { place = .key(String(key.dropFirst("/walkForward".count))) }
        cursor.report(MarketDataError(error.kind, error.message, place: place, hint: error.hint))
        return nil
    }
    guard purge >= horizon else {
        (map["purge"] ?? cursor).report(
            "E_WINDOW_PURGE",
            "the purge of \(purge) bars is shorter than the label, which looks \(horizon) bars ahead into the test",
            hint: "set purge to \(horizon) or more, or leave it out")
        return nil
    }
    return plan
}

/// A day of the month such as `3FRI`, for windows of the calendar only.
private func decodeAnchor(_ cursor: Cursor, unit: WalkForward.Unit?) -> WeekdayOfMonth?? {
    let what = "a day of the month such as 3FRI"
    guard let text = cursor.string(what) else { return nil }
    guard let anchor = WeekdayOfMonth(text) else {
        cursor.mismatch(what, hint: "1 to 4 and one of \(WeekdayOfMonth.names.joined(separator: ", "))")
        return nil
    }
    guard unit != .bars else {
        cursor.report("E_WINDOW_CALENDAR", "windows of bars begin on no day of the month", hint: "add unit: months")
        return nil
    }
    return anchor
}

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
    let keys = ["maxPosition", "maxDrawdown", "stopLoss", "maintenanceMargin", "participation"]
    guard let map = cursor.map(keys, what: "limits") else { return nil }
    let values = keys.map { key in map[key].map { ($0.number(), true) } ?? (nil, false) }
    // A key that is there has a number.
    guard !values.contains(where: { $0.0 == nil && $0.1 }) else { return nil }
    let limits = Limits(
        maxPosition: values[0].0 ?? 1, maxDrawdown: values[1].0, stopLoss: values[2].0, maintenanceMargin: values[3].0,
        participation: values[4].0)
    do throws(BacktestError) {
        try limits.validate()
        return limits
    } catch {
        cursor.report(error)
        return nil
    }
}

extension WalkForward {
    var json: JSONValue {
        .members([
            "kind": .string(kind.rawValue), "unit": unit == .bars ? nil : .string(unit.rawValue),
            "anchor": anchor.map { .string($0.description) }, "train": .int(train), "test": .int(test), "step": .int(step),
            "purge": .int(purge), "embargo": .int(embargo),
        ])
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
            "maxPosition": .double(maxPosition), "maxDrawdown": maxDrawdown.map(JSONValue.double),
            "stopLoss": stopLoss.map(JSONValue.double), "maintenanceMargin": maintenanceMargin.map(JSONValue.double),
            "participation": participation.map(JSONValue.double),
        ])
    }
}
