package import Search

/// What a study's trials are measured by: one or several metrics, and limits that results should keep.
package struct Goals: Sendable, Hashable {
    /// A metric by name and which way it is better.
    package struct Goal: Sendable, Hashable {
        package let metric: String
        package let direction: Direction
        package init(metric: String, direction: Direction) { (self.metric, self.direction) = (metric, direction) }
    }

    /// The first one decides where the others leave a choice; never empty.
    package let objectives: [Goal]
    /// Conditions between metrics, such as `maxDrawdown > -0.35`: a trial that keeps them is better than any that does not.
    package let limits: [SearchConstraint]

    package static let limitCount = 20

    package init(objectives: [Goal], limits: [SearchConstraint] = []) {
        (self.objectives, self.limits) = (objectives, limits)
    }

    package init(_ metric: String, _ direction: Direction) {
        self.init(objectives: [Goal(metric: metric, direction: direction)])
    }

    /// Those of the objectives beyond the first.
    package var furtherDirections: [Direction] { objectives.dropFirst().map(\.direction) }

    /// The metrics that a trial must have, each once.
    package var metrics: [String] {
        var names: [String] = []
        for name in objectives.map(\.metric) + limits.flatMap(\.parameters) where !names.contains(name) { names.append(name) }
        return names
    }

    /// What a trial with these metrics came to; a metric that is missing or not finite makes it a failure.
    package func outcome(_ metrics: [String: Double]) -> TrialOutcome {
        let values = objectives.compactMap { metrics[$0.metric] }
        guard values.count == objectives.count else { return .failed }
        var violation = 0.0
        for limit in limits {
            guard let broken = limit.violation({ metrics[$0] }) else { return .failed }
            violation += broken
        }
        return .values(values, violation: violation)
    }
}

extension Goals {
    /// A list of objectives, each `{maximize: METRIC}` or `{minimize: METRIC}`. `name` reads and checks the name of a metric.
    static func decodeList(_ cursor: Cursor, name: (Cursor) -> String?) -> [Goal]? {
        guard let items = cursor.list(of: "objectives") else { return nil }
        guard (1...Study.objectiveLimit).contains(items.count) else {
            cursor.report("E_SPEC_RANGE", "a study has 1 to \(Study.objectiveLimit) objectives, not \(items.count)")
            return nil
        }
        var goals: [Goal] = []
        for item in items {
            guard let map = item.map(Direction.allCases.map(\.rawValue), what: "an objective"),
                let goal = decode(map, example: "{maximize: sharpe}", name: name)
            else { continue }
            guard !goals.contains(where: { $0.metric == goal.metric }) else {
                item.report("E_SPEC_RANGE", "\(goal.metric) is an objective already")
                continue
            }
            goals.append(goal)
        }
        return goals.count == items.count ? goals : nil
    }

    /// The one of `maximize` and `minimize` that is there.
    static func decode(_ map: MapCursor, example: String, name: (Cursor) -> String?) -> Goal? {
        let given = Direction.allCases.compactMap { direction in map[direction.rawValue].map { (direction, $0) } }
        guard given.count == 1, let (direction, value) = given.first else {
            map.cursor.mismatch("one of maximize and minimize", hint: "for example \(example)")
            return nil
        }
        return name(value).map { Goal(metric: $0, direction: direction) }
    }

    /// The section `subjectTo`. `check` reports a metric that trials don't have.
    static func decodeLimits(_ cursor: Cursor?, check: (String, Cursor) -> Bool) -> [SearchConstraint]? {
        guard let cursor else { return [] }
        guard let items = cursor.list(of: "conditions") else { return nil }
        guard items.count <= limitCount else {
            cursor.report("E_SPEC_RANGE", "\(items.count) conditions are more than the limit of \(limitCount)")
            return nil
        }
        let limits = items.map { item -> SearchConstraint? in
            guard let text = item.string("a condition such as \"maxDrawdown > -0.35\"") else { return nil }
            do throws(SearchError) {
                let limit = try SearchConstraint(parsing: text)
                return limit.parameters.allSatisfy { check($0, item) } ? limit : nil
            } catch {
                item.report(error.code, error.message, hint: "write for example maxDrawdown > -0.35")
                return nil
            }
        }
        return limits.contains(nil) ? nil : limits.compactMap { $0 }
    }

    /// Reports a search that cannot be for so many objectives.
    func isWithin(_ search: SearchSpec, at cursor: Cursor?) -> Bool {
        if objectives.count > 1, search.pruner != nil || search.population != nil {
            cursor?.report(
                "E_SPEC_RANGE", "what ends trials early judges one objective, not \(objectives.count)",
                hint: "leave the pruner out, or make all but one objective a limit in subjectTo")
            return false
        }
        let sampler = search.sampler
        guard objectives.count > sampler.objectiveLimit else { return true }
        cursor?.report(
            "E_SPEC_RANGE", "\(sampler.rawValue) searches for one objective, not \(objectives.count)",
            hint: "use auto, tpe or nsga2")
        return false
    }

    /// The objectives as specs write them: one alone, or a list.
    var json: JSONValue {
        let items = objectives.map { JSONValue.object([$0.direction.rawValue: .string($0.metric)]) }
        return items.count == 1 ? items[0] : .list(items)
    }

    /// The section `subjectTo`, if there are limits.
    var limitsJSON: JSONValue? { limits.isEmpty ? nil : .list(limits.map { .string($0.text) }) }
}
