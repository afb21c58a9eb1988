import Diagnostics
import MarketData

/// `{windows: [{train: [0, 500], test: [505, 568]}], purge: 5}`: bars by number, each range without its end.
func decodeListed(_ cursor: Cursor, horizon: Int) -> WalkForward? {
    guard let map = cursor.map(["kind", "windows", "purge", "embargo"], what: "a plan of listed windows") else { return nil }
    let any = 0...WalkForward.maximumBars
    let kind = map["kind"].map { $0.name(of: WalkForward.Kind.self, what: "walk-forward plan") } ?? .listed
    if let kind, kind != .listed {
        map["kind"]?.report(
            "E_SPEC_RANGE", "windows are given one by one, which is no plan that is \(kind.rawValue)",
            hint: "leave kind out, or windows")
        return nil
    }
    let purge = map["purge"].map { $0.int(any, unit: "bars") } ?? horizon
    let embargo = map["embargo"].map { $0.int(any, unit: "bars") } ?? 0
    let items = map["windows"]?.list(of: "windows") ?? []
    guard items.count <= WalkForward.maximumWindows else {
        map["windows"]?.report("E_WINDOW_COUNT", "\(items.count) windows are more than \(WalkForward.maximumWindows)")
        return nil
    }
    let windows = items.enumerated().map { index, item -> Window? in
        guard let pair = item.map(["train", "test"], what: "a window") else { return nil }
        let train = pair.required("train").flatMap(decodeBars)
        let test = pair.required("test").flatMap(decodeBars)
        guard let train, let test else { return nil }
        do throws(MarketDataError) {
            return try Window(index: index, train: train, test: test)
        } catch {
            item.report(error.code, error.message, hint: error.hint)
            return nil
        }
    }
    guard kind != nil, let purge, let embargo, !windows.contains(nil) else { return nil }
    return checkedPlan(
        WalkForward(listed: windows.compactMap { $0 }, purge: purge, embargo: embargo), map, cursor, horizon: horizon)
}

/// `[first, end]`, with the end outside.
private func decodeBars(_ cursor: Cursor) -> Range<Int>? {
    guard let ends = cursor.list(of: "two bars") else { return nil }
    let bars = ends.map { $0.int(0...WalkForward.maximumBars, unit: "bars") }
    guard bars.count == 2, let first = bars[0], let end = bars[1], first < end else {
        if !bars.contains(nil) { cursor.mismatch("a first bar and an end after it", hint: "for example [0, 500]") }
        return nil
    }
    return first..<end
}
