package import Backtest
import Diagnostics
package import MarketData
package import Search

/// A strategy as a spec gives it. Numbers may be left to the search.
package enum StrategySpec: Sendable, Hashable {
    /// A model learns from features; a position rule acts on what it predicts.
    case model(ModelStrategySpec)
    /// A rule decides from the prices alone.
    case rule(KindSpec)
    /// A rule that is written out.
    case text(TextRule)
}

/// A strategy with a model.
package struct ModelStrategySpec: Sendable, Hashable {
    package let features: [FeatureName]
    /// The label: the return over so many bars ahead.
    package let horizon: Setting
    package let kind: ModelKind
    /// The weight of the squared coefficients.
    package let l2: Setting
    package let position: KindSpec
}

/// The kinds of model that a strategy can have.
package enum ModelKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Ridge regression on the forward return.
    case ridge
    /// Logistic regression on the forward return's sign.
    case logistic
}

extension StrategySpec {
    static let horizonField = NumberField(
        name: "forwardReturn", range: 1...1_000, isWhole: true, defaultValue: nil,
        meaning: "how many bars ahead the return is measured")
    static let l2Field = NumberField(
        name: "l2", range: 0...1e12, isWhole: false, defaultValue: 1, meaning: "the weight of the squared coefficients")

    /// Every number of the strategy with its dotted name, in a fixed order.
    package var settings: [KindSpec.Parameter] {
        switch self {
        case .model(let model):
            [.init(name: "label.forwardReturn", setting: model.horizon), .init(name: "model.l2", setting: model.l2)]
                + model.position.settings.map { .init(name: "position.\($0.name)", setting: $0.setting) }
        case .rule(let rule): rule.settings.map { .init(name: "rule.\($0.name)", setting: $0.setting) }
        case .text: []
        }
    }

    /// The parameters that are left to the search, in that order.
    package var searched: [SearchSpace.Parameter] {
        settings.compactMap { parameter in
            guard case .search(let distribution) = parameter.setting else { return nil }
            return SearchSpace.Parameter(name: parameter.name, distribution: distribution)
        }
    }

    /// The largest horizon of the label; 0 for a rule, which has none.
    package var largestHorizon: Int {
        guard case .model(let model) = self else { return 0 }
        return model.horizon.largest.flatMap { Int(exactly: $0) } ?? 0
    }

    /// `/model/l2` for `model.l2`.
    static func pointer(_ name: String) -> String { "/" + name.split(separator: ".").joined(separator: "/") }

    static func decode(_ cursor: Cursor) -> StrategySpec? {
        guard let any = cursor.anyMap(what: "a strategy") else { return nil }
        if let rule = any["rule"] {
            _ = cursor.map(["rule"], what: "a rule strategy")
            guard let map = rule.anyMap(what: "a rule") else { return nil }
            if let text = map["expression"] {
                _ = rule.map(["expression"], what: "a rule that is written out")
                return decodeText(text)
            }
            let spec = KindSpec.decode(rule, what: "rule", kinds: RuleStrategy.kinds, schema: RuleStrategy.schema)
            return spec.map(StrategySpec.rule)
        }
        guard let map = cursor.map(["features", "label", "model", "position", "rule"], what: "a strategy") else { return nil }
        let features = map.required("features", hint: "a strategy has features, label and model, or a rule").flatMap(
            decodeFeatures)
        let horizon = map.required("label", hint: "for example {forwardReturn: 5}")
            .flatMap { $0.map(["forwardReturn"], what: "a label") }.flatMap { horizonField.decode(in: $0) }
        let model = map.required("model", hint: "for example {kind: ridge, l2: 1}").flatMap {
            $0.map(["kind", "l2"], what: "a model")
        }
        let kind = model.flatMap { $0.required("kind")?.name(of: ModelKind.self, what: "model") }
        let l2 = model.flatMap { l2Field.decode(in: $0) }
        let position = decodePosition(map)
        guard let features, let horizon, let kind, let l2, let position else { return nil }
        return .model(ModelStrategySpec(features: features, horizon: horizon, kind: kind, l2: l2, position: position))
    }

    private static func decodeText(_ cursor: Cursor) -> StrategySpec? {
        let what = "a rule such as: long when close > sma_200"
        let text: String?
        if case .list = cursor.node.content {
            let lines = cursor.list(of: "rules")?.map { $0.string(what) } ?? []
            text = lines.contains(nil) ? nil : lines.compactMap { $0 }.joined(separator: "\n")
        } else {
            text = cursor.string(what)
        }
        guard let text else { return nil }
        do throws(BacktestError) {
            return .text(try TextRule(parsing: text))
        } catch {
            // The place within the text; that of the key is the cursor's.
            var message = error.message
            if case .text(_, let line, let column) = error.place { message += " (line \(line), column \(column) of the rule)" }
            cursor.report(error.code, message, hint: error.hint)
            return nil
        }
    }

    private static func decodePosition(_ map: MapCursor) -> KindSpec? {
        if let cursor = map["position"] {
            return KindSpec.decode(cursor, what: "position rule", kinds: PositionRule.kinds, schema: PositionRule.schema)
        }
        let fields = (try? PositionRule.schema("sign"))?.map(NumberField.init) ?? []
        return KindSpec(
            kind: "sign",
            settings: fields.compactMap { field in
                field.defaultValue.map { .init(name: field.name, setting: .fixed(field.typed($0))) }
            })
    }

    private static func decodeFeatures(_ cursor: Cursor) -> [FeatureName]? {
        guard let items = cursor.list(of: "features") else { return nil }
        var names: [String] = []
        var isWhole = true
        for item in items {
            guard let name = item.string("the name of a feature") else {
                isWhole = false
                continue
            }
            // One by one, so that every unknown feature is reported.
            do throws(MarketDataError) {
                _ = try FeatureName(parsing: name)
                names.append(name)
            } catch {
                item.report(error.code, error.message, hint: error.hint)
                isWhole = false
            }
        }
        guard isWhole else { return nil }
        do throws(MarketDataError) {
            return try FeatureName.parse(names, key: "")
        } catch {
            cursor.report(error)
            return nil
        }
    }

    var json: JSONValue {
        switch self {
        case .rule(let rule): .object(["rule": rule.json])
        case .text(let rule): .object(["rule": .object(["expression": .string(rule.description)])])
        case .model(let model):
            .object([
                "features": .list(model.features.map { .string($0.description) }),
                "label": .object(["forwardReturn": model.horizon.json]),
                "model": .object(["kind": .string(model.kind.rawValue), "l2": model.l2.json]), "position": model.position.json,
            ])
        }
    }
}
