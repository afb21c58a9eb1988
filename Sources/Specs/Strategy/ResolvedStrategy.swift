package import Backtest
import Diagnostics
package import MarketData
package import Search

/// A strategy with every number decided: what a trial runs and what a model version's lineage keeps.
package struct ResolvedStrategy: Sendable, Hashable {
    package enum Body: Sendable, Hashable {
        case model(ResolvedModelStrategy)
        case rule(RuleStrategy)
    }

    package let body: Body
    let json: JSONValue

    /// The strategy in the shape of a spec's `strategy` section, with sorted keys and every default filled in.
    package var canonicalJSON: String { json.text }

    /// Reads back what `canonicalJSON` wrote. Throws when the text is not a strategy or leaves a number to a search.
    package init(json: String) throws(SpecErrors) {
        let root: SpecNode
        do throws(SpecError) {
            root = try YAMLDocument.parse(json, file: nil)
        } catch {
            throw SpecErrors(error)
        }
        let issues = Issues(file: nil)
        let strategy = StrategySpec.decode(Cursor(node: root, pointer: "", issues: issues))
        try issues.check()
        guard let strategy else { throw SpecErrors(SpecError("E_SPEC_TYPE", "the text is not a strategy")) }
        self = try strategy.resolved([:])
    }

    fileprivate init(_ body: Body, _ json: JSONValue) {
        self.body = body
        self.json = json
    }
}

/// A strategy with a model, every number decided.
package struct ResolvedModelStrategy: Sendable, Hashable {
    package let features: [FeatureName]
    /// Bars ahead over which the label's return is measured.
    package let horizon: Int
    package let kind: ModelKind
    package let l2: Double
    package let position: PositionRule
}

extension StrategySpec {
    /// The strategy with the searched numbers set to `values`, by dotted name.
    ///
    /// Throws `E_SPACE_BOUNDS` when a value is missing, unknown, or outside its distribution, and what the rule or position
    /// rule makes of values that do not go together, such as a fast average that is not faster than the slow one.
    package func resolved(_ values: [String: ParameterValue]) throws(SpecErrors) -> ResolvedStrategy {
        let searched = searched
        if let unknown = values.keys.sorted().first(where: { name in !searched.contains { $0.name == name } }) {
            throw Self.failure("E_SPACE_BOUNDS", "\(SpecNode.shown(unknown)) is not searched by this strategy", unknown)
        }
        var numbers: [String: ParameterValue] = [:]
        for parameter in settings {
            switch parameter.setting {
            case .fixed(let value): numbers[parameter.name] = value
            case .search(let distribution):
                guard let given = values[parameter.name] else {
                    throw Self.failure("E_SPACE_BOUNDS", "\(parameter.name) has no value", parameter.name)
                }
                guard let value = distribution.normalized(given) else {
                    throw Self.failure(
                        "E_SPACE_BOUNDS", "\(parameter.name): \(given) is outside the search space", parameter.name)
                }
                numbers[parameter.name] = value
            }
        }
        do throws(BacktestError) {
            return try resolve(numbers)
        } catch {
            var pointer = "/position"
            if case .rule = self { pointer = "/rule" }
            if case .key(let key) = error.place { pointer += key }
            throw SpecErrors(SpecError(error.code, error.message, pointer: pointer, hint: error.hint))
        }
    }

    private func resolve(_ numbers: [String: ParameterValue]) throws(BacktestError) -> ResolvedStrategy {
        func fixed(_ kind: KindSpec, _ section: String) -> KindSpec {
            KindSpec(
                kind: kind.kind,
                settings: kind.settings.map { parameter in
                    .init(
                        name: parameter.name,
                        setting: numbers["\(section).\(parameter.name)"].map(Setting.fixed) ?? parameter.setting)
                })
        }
        func parameters(_ kind: KindSpec) -> [String: Double] {
            Dictionary(
                kind.settings.compactMap { one in one.setting.largest.map { (one.name, $0) } },
                uniquingKeysWith: { first, _ in first })
        }
        switch self {
        case .rule(let rule):
            let rule = fixed(rule, "rule")
            return ResolvedStrategy(
                .rule(try RuleStrategy(kind: rule.kind, parameters: parameters(rule))), StrategySpec.rule(rule).json)
        case .text(let rule): return ResolvedStrategy(.rule(.text(rule)), json)
        case .model(let model):
            let position = fixed(model.position, "position")
            let horizon = numbers["label.forwardReturn"]?.wholeNumber ?? 1
            let l2 = numbers["model.l2"]?.number ?? 1
            let resolved = ResolvedModelStrategy(
                features: model.features, horizon: horizon, kind: model.kind, l2: l2,
                position: try PositionRule(kind: position.kind, parameters: parameters(position)))
            let spec = ModelStrategySpec(
                features: model.features, horizon: .fixed(.int(horizon)), kind: model.kind, l2: .fixed(.double(l2)),
                position: position)
            return ResolvedStrategy(.model(resolved), StrategySpec.model(spec).json)
        }
    }

    private static func failure(_ code: String, _ message: String, _ name: String) -> SpecErrors {
        SpecErrors(SpecError(code, message, pointer: pointer(name)))
    }
}
