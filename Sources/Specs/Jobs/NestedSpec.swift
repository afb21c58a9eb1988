package import MarketData

/// A search inside the train range of every window, whose winner is judged on the window's test range: what a process that
/// searches again and again would have earned.
package struct NestedSpec: Sendable, Hashable {
    /// The outer windows, and how each is searched; it registers nothing.
    package var study: StudySpec
    /// The windows within a train range, in which its trials are judged.
    package let inner: WalkForward
}

extension NestedSpec {
    static let keys = StudySpec.keys.filter { $0 != "then" } + ["inner"]

    static func decode(_ map: MapCursor) -> NestedSpec? {
        let study = StudySpec.decode(map)
        let inner = map.required("inner", hint: "the windows within a train range, for example {train: 252, test: 63}")
            .flatMap { decodeWalkForward($0, horizon: study?.strategy.largestHorizon ?? 0) }
        guard let study, let inner else { return nil }
        if study.search.warmStart != nil {
            (map["search"]?.anyMap(what: "a search")?["warmStart"])?.report(
                "E_LOOK_AHEAD", "the trials of another job have seen what the windows test", hint: "leave warmStart out")
            return nil
        }
        if study.walkForward.unit == .bars, study.walkForward.kind != .listed, inner.unit == .bars,
            inner.span > study.walkForward.train
        {
            map["inner"]?.report(
                "E_WINDOW_LENGTH",
                "the first inner window needs \(inner.span) bars, but a train range has \(study.walkForward.train)",
                hint: "shorten the inner train or test")
            return nil
        }
        return NestedSpec(study: study, inner: inner)
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        var members = study.json(hash)
        members["then"] = nil
        members["inner"] = inner.json
        return members
    }
}
