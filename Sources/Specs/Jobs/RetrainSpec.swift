package import Backtest
import Registry

/// A fit of a registered model's strategy on newer data, compared with the version it would succeed.
package struct RetrainSpec: Sendable, Hashable {
    package var model: String
    package var dataset: DatasetReference
    /// The version to start from and compare with; nil means the one that the rule's alias names at submission.
    package var version: Int64?
    /// What the comparison on the held-out bars is run with.
    package var costs: Costs
    package var limits: Limits
    /// How positions share one cash pool.
    package var sizing: Sizing
    /// The steps in which series are traded.
    package var instruments: Instruments
    package var rule: RetrainRule
}

/// How a model is retrained: what is the same whether a job asks for it or a study leaves it for later.
package struct RetrainRule: Sendable, Hashable {
    /// The alias of the version that the new one starts from and is compared with.
    package var alias: String
    /// Bars at the end of the data that neither version is fitted on; both are compared on them. When the older one has seen some
    /// of them the job fails with `E_HOLDOUT_SEEN`.
    package var holdout: Int
    /// The shortest time between two retrainings of the model that drift asks for, in milliseconds.
    package var cooldownMilliseconds: Int64
    package var promote: PromoteSpec?
}

extension RetrainRule {
    static let keys = ["alias", "holdout", "cooldown", "then"]

    /// The values that a gate of a retraining may use.
    package static let gateNames = ["challenger", "champion"].flatMap { side in
        MetricName.objectives.map { "\(side).\($0.rawValue)" }
    }

    static func decode(_ cursor: Cursor) -> RetrainRule? {
        cursor.map(keys, what: "retrain").flatMap(decode)
    }

    static func decode(_ map: MapCursor) -> RetrainRule? {
        let alias = map["alias"].map { $0.registryName("alias") } ?? "champion"
        let holdout = map.required("holdout", hint: "how many of the newest bars judge the new version")?.int(
            1...1_000_000, unit: "bars")
        let cooldown = map["cooldown"].map { $0.duration(0...365 * 86_400_000) } ?? 3_600_000
        var promote: PromoteSpec?
        var isWhole = true
        if let then = map["then"] {
            if let cursor = then.map(["promote"], what: "then")?["promote"] {
                promote = PromoteSpec.decode(cursor, names: gateNames)
                isWhole = promote != nil
            }
        }
        guard let alias, let holdout, let cooldown, isWhole else { return nil }
        return RetrainRule(alias: alias, holdout: holdout, cooldownMilliseconds: cooldown, promote: promote)
    }

    var members: [String: JSONValue] {
        [
            "alias": .string(alias), "holdout": .int(holdout), "cooldown": .string(Quantity.duration(cooldownMilliseconds)),
            "then": .members(["promote": promote?.json]),
        ]
    }
}

extension RetrainSpec {
    static let keys = ["model", "dataset", "version", "costs", "limits", "sizing", "instruments"] + RetrainRule.keys

    static func decode(_ map: MapCursor) -> RetrainSpec? {
        let model = map.required("model")?.registryName("model")
        let dataset = map.required("dataset").flatMap(DatasetReference.decode)
        let version = map["version"].map { $0.int(1...Int.max) }
        let costs = decodeCosts(map["costs"])
        let limits = decodeLimits(map["limits"])
        let sizing = Sizing.decode(map["sizing"])
        let instruments = Instruments.decode(map["instruments"])
        let rule = RetrainRule.decode(map)
        // A key that is there has a number.
        if case .some(nil) = version { return nil }
        guard let model, let dataset, let costs, let limits, let sizing, let instruments, let rule else { return nil }
        return RetrainSpec(
            model: model, dataset: dataset, version: version.flatMap { $0 }.map(Int64.init), costs: costs, limits: limits,
            sizing: sizing, instruments: instruments, rule: rule)
    }

    func json(_ hash: String?) -> [String: JSONValue] {
        let own: [String: JSONValue?] = [
            "model": .string(model), "dataset": dataset.json(hash), "version": version.map { .int(Int($0)) }, "costs": costs.json,
            "limits": limits.json, "sizing": sizing.json, "instruments": instruments.json,
        ]
        return rule.members.merging(own.compactMapValues { $0 }) { first, _ in first }
    }
}
