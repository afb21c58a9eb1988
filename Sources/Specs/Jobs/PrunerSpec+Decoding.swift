import Search

extension PrunerSpec {
    /// What a trial consists of.
    enum Steps: Sendable { case windows, ofProgram }

    /// The kinds by the names that specs use.
    enum Kind: String, CaseIterable {
        case window, median, percentile, threshold, patience, halving, hyperband

        var keys: [String] {
            switch self {
            case .window: ["level", "every"]
            case .median: ["startup", "every"]
            case .percentile: ["keep", "startup", "every"]
            case .threshold: ["lower", "upper", "every"]
            case .patience: ["patience", "margin", "every"]
            case .halving, .hyperband: ["reduction"]
            }
        }
    }

    /// `{kind: K, ...}`, or only the kind for its defaults.
    static func decode(_ cursor: Cursor, _ kindOfSteps: Steps) -> PrunerSpec? {
        if case .scalar = cursor.node.content {
            return cursor.name(of: Kind.self, what: "pruner").flatMap {
                decode($0, MapCursor(entries: [], cursor: cursor), kindOfSteps, at: cursor)
            }
        }
        let names = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        guard let kindCursor = cursor.anyMap(what: "a pruner")?.required("kind", hint: "one of \(names)"),
            let kind = kindCursor.name(of: Kind.self, what: "pruner")
        else { return nil }
        let own = kindOfSteps == .ofProgram ? ["steps"] : kind == .window ? [] : ["order"]
        guard let map = cursor.map(["kind", "first"] + kind.keys + own, what: "the pruner \(kind.rawValue)") else { return nil }
        return decode(kind, map, kindOfSteps, at: kindCursor)
    }

    private static func decode(_ kind: Kind, _ map: MapCursor, _ kindOfSteps: Steps, at cursor: Cursor) -> PrunerSpec? {
        guard kind != .window || kindOfSteps == .windows else {
            cursor.report(
                "E_SPEC_RANGE", "the pruner window compares walk-forward windows, which a program does not have",
                hint: "for example {kind: halving, steps: 27}")
            return nil
        }
        let rule = decodeRule(kind, map)
        let first = optional(map["first"], (kind == .window ? 2 : 1)...stepLimit)
        let every = optional(map["every"], 1...stepLimit)
        let order =
            map["order"].map { $0.name(of: StepOrder.self, what: "order of windows") }
            ?? (kindOfSteps == .windows && rule?.reduction != nil ? .spread : .chronological)
        guard kindOfSteps == .ofProgram else {
            guard let rule, let first, let every, let order else { return nil }
            return PrunerSpec(rule: rule, first: first, every: every, order: order)
        }
        let steps = map.required("steps", hint: "how many steps a whole run of the program has")
            .flatMap { $0.int(1...stepLimit, unit: "steps") }
        guard let rule, let first, let every, let order, let steps else { return nil }
        let spec = PrunerSpec(rule: rule, steps: steps, first: first, every: every, order: order)
        if let first, first >= steps {
            map["first"]?.report("E_SPEC_RANGE", "the first look after \(first) steps comes too late for a run of \(steps)")
            return nil
        }
        let rungs = spec.rungs(of: steps).count
        guard rungs <= programRungLimit else {
            (map["every"] ?? map.cursor).report(
                "E_SPEC_RANGE", "\(rungs) rungs are more than the \(programRungLimit) that a program may start at",
                hint: "set every to \((steps + programRungLimit - 1) / programRungLimit) or more")
            return nil
        }
        return spec
    }

    private static func decodeRule(_ kind: Kind, _ map: MapCursor) -> PruningRule? {
        let startup = map["startup"].map { $0.int(1...SearchSpec.trialLimit, unit: "trials") } ?? 5
        switch kind {
        case .window:
            return (map["level"].map { $0.double(0.0001...0.5) } ?? 0.1).map(PruningRule.window)
        case .median:
            return startup.map { .percentile(share: 0.5, startup: $0) }
        case .percentile:
            let keep = map.required("keep", hint: "the share that goes on, such as 0.25")?.double(0.01...0.99)
            guard let keep, let startup else { return nil }
            return .percentile(share: keep, startup: startup)
        case .threshold:
            return decodeThreshold(map)
        case .patience:
            let rungs = map["patience"].map { $0.int(0...stepLimit, unit: "rungs") } ?? 5
            let margin = map["margin"].map { $0.double(0...1e300) } ?? 0
            guard let rungs, let margin else { return nil }
            return .patience(rungs: rungs, margin: margin)
        case .halving, .hyperband:
            let reduction = map["reduction"].map { $0.int(2...100) } ?? (kind == .halving ? 4 : 3)
            return reduction.map { kind == .halving ? .halving(reduction: $0) : .hyperband(reduction: $0) }
        }
    }

    private static func decodeThreshold(_ map: MapCursor) -> PruningRule? {
        guard map["lower"] != nil || map["upper"] != nil else {
            map.cursor.report("E_SPEC_MISSING", "a threshold has a lower or an upper limit", hint: "for example lower: 0")
            return nil
        }
        let lower = map["lower"].map { $0.number() } ?? -.infinity
        let upper = map["upper"].map { $0.number() } ?? .infinity
        guard let lower, let upper else { return nil }
        guard lower <= upper else {
            map["upper"]?.report("E_SPEC_RANGE", "the upper limit lies below the lower one")
            return nil
        }
        return .threshold(lower...upper)
    }

    /// Nil when it is there but wrong.
    private static func optional(_ cursor: Cursor?, _ range: ClosedRange<Int>) -> Int?? {
        guard let cursor else { return .some(nil) }
        return cursor.int(range, unit: "steps").map { .some($0) }
    }

    var json: JSONValue {
        var members: [String: JSONValue?] = ["steps": steps.map(JSONValue.int), "first": first.map(JSONValue.int)]
        switch rule {
        case .window(let level): members["level"] = .double(level)
        case .percentile(let share, let startup): (members["keep"], members["startup"]) = (.double(share), .int(startup))
        case .threshold(let limits):
            if limits.lowerBound.isFinite { members["lower"] = .double(limits.lowerBound) }
            if limits.upperBound.isFinite { members["upper"] = .double(limits.upperBound) }
        case .patience(let rungs, let margin): (members["patience"], members["margin"]) = (.int(rungs), .double(margin))
        case .halving(let reduction), .hyperband(let reduction): members["reduction"] = .int(reduction)
        }
        if rule.reduction == nil { members["every"] = every.map(JSONValue.int) }
        let isWindow = kind == .window
        if steps == nil && !isWindow { members["order"] = .string(order.rawValue) }
        members["kind"] = .string(kind.rawValue)
        return .members(members)
    }

    /// The median is the percentile one half, so that both have one form.
    private var kind: Kind {
        switch rule {
        case .window: .window
        case .percentile: .percentile
        case .threshold: .threshold
        case .patience: .patience
        case .halving: .halving
        case .hyperband: .hyperband
        }
    }
}
