package import Backtest
import MarketData
package import Search

/// Every combination of a rule's numbers, run over the whole history in large blocks.
package struct SweepSpec: Sendable, Hashable {
    package var dataset: DatasetReference
    package var costs: Costs
    package var limits: Limits
    /// What combinations are ranked by, and which way.
    package let measure: SweepMeasure
    package let direction: Direction
    /// How many of the best combinations are kept.
    package let keep: Int
    /// What the rule leaves open, each parameter discrete.
    package let space: SearchSpace
    /// The combinations of the grid, those included that a condition or the rule itself excludes.
    package let size: Int
    private let rule: KindSpec
    /// The rule's numbers that are given.
    private let fixed: [String: Double]
    /// The names of the others within the rule, in the order of `space`.
    private let names: [String]

    package static let sizeLimit = 100_000_000
    package static let keepLimit = 1_000
    private static let blockLimit = 4_096
    private static let prefix = "rule."

    package var strategy: StrategySpec { .rule(rule) }

    /// Combinations that one task runs: enough for it to be worth a task, and few enough for small grids to be shared out.
    package var block: Int { min(Self.blockLimit, max(1, (size + 63) / 64)) }
    /// Tasks of one block each.
    package var blocks: Int { (size + block - 1) / block }
    /// The combinations of the task at `index`.
    package func combinations(ofBlock index: Int) -> Range<Int> { index * block..<min(size, (index + 1) * block) }

    /// The rule of a combination; nil for one that a condition or the rule itself excludes.
    package func rule(at position: Int) -> RuleStrategy? {
        let values = space.gridPoint(at: position)
        guard space.isFeasible(values) else { return nil }
        var numbers = fixed
        for (name, value) in zip(names, values) { numbers[name] = value.number }
        return try? RuleStrategy(kind: rule.kind, parameters: numbers)
    }

    /// The numbers of a combination, by dotted name.
    package func parameters(at position: Int) -> [String: ParameterValue] { space.named(space.gridPoint(at: position)) }
}

extension SweepSpec {
    static let keys = ["dataset", "strategy", "costs", "limits", "constraints", "objective", "keep"]

    static func decode(_ map: MapCursor) -> SweepSpec? {
        let dataset = map.required("dataset").flatMap(DatasetReference.decode)
        let strategyCursor = map.required("strategy")
        let strategy = strategyCursor.flatMap(StrategySpec.decode)
        let costs = decodeCosts(map["costs"])
        let limits = decodeLimits(map["limits"])
        let keep = map["keep"].map { $0.int(1...keepLimit, unit: "combinations") } ?? 20
        let objective = map["objective"].map(decodeObjective) ?? (.sharpe, .maximize)
        let constraints = map["constraints"].map(SearchSpec.decodeConstraints) ?? []
        guard let strategy, let strategyCursor else { return nil }
        guard case .rule(let rule) = strategy else {
            strategyCursor.report(
                "E_SWEEP_STRATEGY", "a sweep takes a rule with ranges for its numbers",
                hint: "a model is fitted in windows and a written rule has no numbers: use job: study or job: backtest")
            return nil
        }
        var space: SearchSpace?
        var size: Int?
        do throws(SearchError) {
            let open = try SearchSpace(strategy.searched)
            size = try open.gridSize(limit: sizeLimit)
            space = constraints.flatMap { SearchSpec.constrain(open, $0, at: map["constraints"]) }
        } catch {
            let hint = error.code == "E_SPACE_EMPTY" ? "give a number a range such as {int: [5, 50], step: 5}" : error.hint
            let place = error.parameter.map { StrategySpec.pointer($0) }
            strategyCursor.report(PlacedError(error.code, error.message, key: place, hint: hint))
        }
        guard let dataset, let costs, let limits, let keep, let objective, let space, let size else { return nil }
        let given = rule.settings.compactMap { parameter -> (String, Double)? in
            guard case .fixed(let value) = parameter.setting, let number = value.number else { return nil }
            return (parameter.name, number)
        }
        return SweepSpec(
            dataset: dataset, costs: costs, limits: limits, measure: objective.0, direction: objective.1, keep: keep,
            space: space, size: size, rule: rule, fixed: Dictionary(given, uniquingKeysWith: { first, _ in first }),
            names: space.parameters.map { String($0.name.dropFirst(prefix.count)) })
    }

    private static func decodeObjective(_ cursor: Cursor) -> (SweepMeasure, Direction)? {
        guard let map = cursor.map(Direction.allCases.map(\.rawValue), what: "an objective"),
            let goal = Goals.decode(
                map, example: "{maximize: sharpe}",
                name: { value in value.name(of: SweepMeasure.self, what: "metric of a sweep").map(\.rawValue) })
        else { return nil }
        return SweepMeasure(rawValue: goal.metric).map { ($0, goal.direction) }
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        let members: [String: JSONValue?] = [
            "dataset": dataset.json(hash), "strategy": strategy.json, "costs": costs.json, "limits": limits.json,
            "constraints": space.constraints.isEmpty ? nil : .list(space.constraints.map { .string($0.text) }),
            "objective": .object([direction.rawValue: .string(measure.rawValue)]), "keep": .int(keep),
        ]
        return members.compactMapValues { $0 }
    }
}
