import Diagnostics
import MarketData

/// `horizon` is the label's longest reach: the purge is at least that, and exactly that when it is not given.
func decodeWalkForward(_ cursor: Cursor, horizon: Int) -> WalkForward? {
    if case .map(let entries) = cursor.node.content, entries.contains(where: { $0.key == "windows" }) {
        return decodeListed(cursor, horizon: horizon)
    }
    let keys = ["kind", "unit", "anchor", "train", "test", "step", "purge", "embargo", "windows"]
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
    if kind == .listed { _ = map.required("windows", hint: "for example [{train: [0, 500], test: [500, 563]}]") }
    guard let kind, kind != .listed, let unit, let anchor, let train, let test, let step, let purge, let embargo
    else { return nil }
    let plan = WalkForward(
        kind: kind, train: train, test: test, step: step, purge: purge, embargo: embargo, unit: unit, anchor: anchor)
    return checkedPlan(plan, map, cursor, horizon: horizon)
}

/// Reports what is wrong with a plan, and a purge that is shorter than the label.
func checkedPlan(_ plan: WalkForward, _ map: MapCursor, _ cursor: Cursor, horizon: Int) -> WalkForward? {
    do throws(MarketDataError) {
        try plan.validate()
    } catch {
        // The plan names its keys from the root of a spec; here they are below the cursor.
        var place = error.place
        if case .key(let key) = place, key.hasPrefix("/walkForward") { place = .key(String(key.dropFirst("/walkForward".count))) }
        cursor.report(MarketDataError(error.kind, error.message, place: place, hint: error.hint))
        return nil
    }
    guard plan.purge >= horizon else {
        (map["purge"] ?? cursor).report(
            "E_WINDOW_PURGE",
            "the purge of \(plan.purge) bars is shorter than the label, which looks \(horizon) bars ahead into the test",
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

extension WalkForward {
    var json: JSONValue {
        if kind == .listed {
            let windows = listed.map { window in
                JSONValue.object([
                    "train": .list([.int(window.train.lowerBound), .int(window.train.upperBound)]),
                    "test": .list([.int(window.test.lowerBound), .int(window.test.upperBound)]),
                ])
            }
            return .object(["windows": .list(windows), "purge": .int(purge), "embargo": .int(embargo)])
        }
        return .members([
            "kind": .string(kind.rawValue), "unit": unit == .bars ? nil : .string(unit.rawValue),
            "anchor": anchor.map { .string($0.description) }, "train": .int(train), "test": .int(test), "step": .int(step),
            "purge": .int(purge), "embargo": .int(embargo),
        ])
    }
}
