import Backtest

extension Sizing {
    private enum Name: String, CaseIterable { case fixed, equal, volatility, kelly }

    /// `{kind: volatility, target: 0.1, window: 60, rebalance: 21}`; equal shares for all series when there is none.
    static func decode(_ cursor: Cursor?) -> Sizing? {
        guard let cursor else { return .shares }
        guard let any = cursor.anyMap(what: "a sizing"),
            let name = any.required("kind", hint: "one of \(Name.allCases.map(\.rawValue).joined(separator: ", "))")?
                .name(of: Name.self, what: "sizing")
        else { return nil }
        let own: [String] =
            switch name {
            case .fixed: ["size"]
            case .equal: []
            case .volatility: ["target", "window"]
            case .kelly: ["fraction", "window", "cap"]
            }
        guard let map = cursor.map(["kind", "rebalance"] + own, what: "a sizing of kind \(name.rawValue)") else { return nil }
        let rebalance = map["rebalance"].map { $0.int(1...1_000_000, unit: "bars") }
        let window = map["window"].map { $0.int(Sizing.windows, unit: "bars") } ?? 60
        let size = map["size"].map { $0.number() }
        let target = map["target"].map { $0.number() } ?? 0.1
        let fraction = map["fraction"].map { $0.number() } ?? 0.5
        let cap = map["cap"].map { $0.number() } ?? 1
        // A key that is there has a number.
        if case .some(nil) = rebalance { return nil }
        if case .some(nil) = size { return nil }
        guard let window, let target, let fraction, let cap else { return nil }
        let kind: Kind =
            switch name {
            case .fixed: .fixed(size: size ?? nil)
            case .equal: .equal
            case .volatility: .volatility(target: target, window: window)
            case .kelly: .kelly(fraction: fraction, window: window, cap: cap)
            }
        let sizing = Sizing(kind, rebalance: rebalance ?? nil)
        do throws(BacktestError) {
            try sizing.validate()
            return sizing
        } catch {
            cursor.report(error)
            return nil
        }
    }

    /// nil for equal shares, which need no section.
    var json: JSONValue? {
        guard self != .shares else { return nil }
        var members: [String: JSONValue?] = ["rebalance": rebalance.map(JSONValue.int)]
        switch kind {
        case .fixed(let size): (members["kind"], members["size"]) = (.string("fixed"), size.map(JSONValue.double))
        case .equal: members["kind"] = .string("equal")
        case .volatility(let target, let window):
            (members["kind"], members["target"], members["window"]) = (.string("volatility"), .double(target), .int(window))
        case .kelly(let fraction, let window, let cap):
            (members["kind"], members["fraction"]) = (.string("kelly"), .double(fraction))
            (members["window"], members["cap"]) = (.int(window), .double(cap))
        }
        return .members(members)
    }
}
