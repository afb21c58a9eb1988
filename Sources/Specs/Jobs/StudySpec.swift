package import Backtest
package import MarketData
package import Registry
package import Search

/// A search for the best parameters of a strategy, judged out of sample, window by window.
package struct StudySpec: Sendable, Hashable {
    package var dataset: DatasetReference
    package var strategy: StrategySpec
    package var walkForward: WalkForward
    package var costs: Costs
    package var limits: Limits
    /// How positions share one cash pool.
    package var sizing: Sizing
    /// The steps in which series are traded.
    package var instruments: Instruments
    package var search: SearchSpec
    /// What trials are measured by; the metrics are those of `MetricName.objectives`.
    package var goals: Goals
    /// What happens to the winner.
    package var then: Then

    /// The space that the strategy leaves to the search. A parsed spec has a valid one.
    package func searchSpace() throws(SearchError) -> SearchSpace {
        try SearchSpace(strategy.searched, constraints: search.constraints)
    }

    /// What happens when the study has a winner.
    package struct Then: Sendable, Hashable {
        /// The model that the winner becomes a version of; nil registers nothing.
        package var register: String?
        package var promote: PromoteSpec?
        /// How the registered model is retrained.
        package var retrain: RetrainRule?
        package init() {}
    }
}

/// An alias and the condition for pointing it at a new version.
package struct PromoteSpec: Sendable, Hashable {
    package var alias: String
    /// nil promotes without a condition.
    package var when: PromotionGate?
}

extension StudySpec {
    static let keys = [
        "dataset", "strategy", "walkForward", "costs", "limits", "sizing", "instruments", "search", "objective", "subjectTo",
        "then",
    ]

    static func decode(_ map: MapCursor) -> StudySpec? {
        let dataset = map.required("dataset").flatMap(DatasetReference.decode)
        let strategyCursor = map.required("strategy")
        let strategy = strategyCursor.flatMap(StrategySpec.decode)
        let walkForward = map.required("walkForward", hint: "for example {kind: rolling, train: 756, test: 63}")
            .flatMap { decodeWalkForward($0, horizon: strategy?.largestHorizon ?? 0) }
        let costs = decodeCosts(map["costs"])
        let limits = decodeLimits(map["limits"])
        let sizing = Sizing.decode(map["sizing"])
        let instruments = Instruments.decode(map["instruments"])
        var space: SearchSpace?
        if let strategy, let strategyCursor {
            do throws(SearchError) {
                space = try SearchSpace(strategy.searched)
            } catch {
                strategyCursor.report(
                    error.code, error.message,
                    hint: error.code == "E_SPACE_EMPTY"
                        ? "give a number a range such as {float: [0.1, 10]}, or use job: backtest" : error.hint)
            }
        }
        let search = map.required("search", hint: "for example {trials: 100, seed: 7}").flatMap {
            SearchSpec.decode($0, space: space)
        }
        let goals = decodeGoals(map)
        if let goals, let search, !goals.isWithin(search.sampler, at: map["search"]) { return nil }
        let then = map["then"].map(Then.decode) ?? Then()
        guard let dataset, let strategy, let walkForward, let costs, let limits, let sizing, let instruments, space != nil,
            let search, let goals, let then
        else { return nil }
        return StudySpec(
            dataset: dataset, strategy: strategy, walkForward: walkForward, costs: costs, limits: limits, sizing: sizing,
            instruments: instruments, search: search, goals: goals, then: then)
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        let members: [String: JSONValue?] = [
            "dataset": dataset.json(hash), "strategy": strategy.json, "walkForward": walkForward.json, "costs": costs.json,
            "limits": limits.json, "sizing": sizing.json, "instruments": instruments.json, "search": search.json,
            "objective": goals.json, "subjectTo": goals.limitsJSON, "then": then.json,
        ]
        return members.compactMapValues { $0 }
    }

    private static func decodeGoals(_ map: MapCursor) -> Goals? {
        let limits = Goals.decodeLimits(map["subjectTo"]) { isMetric($0, $1) }
        func name(_ value: Cursor) -> String? {
            value.string("the name of a metric").flatMap { isMetric($0, value) ? $0 : nil }
        }
        guard let cursor = map.required("objective", hint: "for example {maximize: sharpe}") else { return nil }
        let objectives: [Goals.Goal]?
        if case .list = cursor.node.content {
            objectives = Goals.decodeList(cursor, name: name)
        } else {
            objectives = cursor.map(Direction.allCases.map(\.rawValue), what: "an objective")
                .flatMap { Goals.decode($0, example: "{maximize: sharpe}", name: name) }.map { [$0] }
        }
        guard let objectives, let limits else { return nil }
        return Goals(objectives: objectives, limits: limits)
    }

    private static func isMetric(_ name: String, _ cursor: Cursor) -> Bool {
        if MetricName.objectives.contains(where: { $0.rawValue == name }) { return true }
        cursor.unknownName(name, what: "metric of a trial", names: MetricName.objectives.map(\.rawValue))
        return false
    }
}

extension StudySpec.Then {
    static func decode(_ cursor: Cursor) -> StudySpec.Then? {
        guard let map = cursor.map(["register", "promote", "retrain"], what: "then") else { return nil }
        var then = StudySpec.Then()
        var isWhole = true
        if let register = map["register"] {
            then.register = register.map(["model"], what: "register")?.required("model")?.registryName("model")
            isWhole = then.register != nil
        }
        for key in ["promote", "retrain"] where map["register"] == nil {
            map[key]?.report("E_SPEC_MISSING", "\(key) needs a model to \(key)", hint: "add register: {model: NAME}")
        }
        if let promote = map["promote"] {
            then.promote = PromoteSpec.decode(promote, names: MetricName.allCases.map(\.rawValue))
            isWhole = isWhole && then.promote != nil
        }
        if let retrain = map["retrain"] {
            then.retrain = RetrainRule.decode(retrain)
            isWhole = isWhole && then.retrain != nil
        }
        return isWhole ? then : nil
    }

    var json: JSONValue {
        .members([
            "register": register.map { .object(["model": .string($0)]) }, "promote": promote?.json,
            "retrain": retrain.map { .object($0.members) },
        ])
    }
}

extension PromoteSpec {
    /// `names` are the values that the gate may use.
    static func decode(_ cursor: Cursor, names: [String]) -> PromoteSpec? {
        guard let map = cursor.map(["alias", "when"], what: "promote") else { return nil }
        let alias = map["alias"].map { $0.registryName("alias") } ?? "champion"
        guard let when = map["when"] else { return alias.map { PromoteSpec(alias: $0, when: nil) } }
        guard let text = when.string("a condition"), let alias else { return nil }
        do throws(RegistryError) {
            let gate = try PromotionGate(parsing: text)
            let unknown = gate.names.filter { !names.contains($0) }
            for name in unknown { when.unknownGateName(name, names: names) }
            return unknown.isEmpty ? PromoteSpec(alias: alias, when: gate) : nil
        } catch {
            when.report(error.code, error.message, hint: error.hint)
            return nil
        }
    }

    var json: JSONValue { .members(["alias": .string(alias), "when": when.map { .string($0.description) }]) }
}
