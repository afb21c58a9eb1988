package import Search

/// How the points of a study are chosen.
package struct SearchSpec: Sendable, Hashable {
    /// `auto` when the spec names none.
    package var sampler: SamplerKind
    package var trials: Int
    package var seed: UInt64
    /// How many trials may be open at once, on any number of workers.
    package var parallelTrials: Int
    /// Whether the study is the same every time, or nobody waits for a slow trial.
    package var order: SearchOrder
    /// Conditions between searched parameters, such as `rule.fast < rule.slow`.
    package var constraints: [SearchConstraint]
    /// Points that the first trials take, by dotted name; what one leaves open is drawn at random.
    package var enqueue: [[String: ParameterValue]]
    package var warmStart: WarmStartSpec?

    package static let trialLimit = 1_000_000
    package static let parallelLimit = 1_024
    package static let enqueueLimit = 1_000
}

extension SearchSpec {
    /// `space` is that of the strategy, without conditions; nil when it has mistakes of its own.
    static func decode(_ cursor: Cursor, space: SearchSpace?) -> SearchSpec? {
        let keys = ["sampler", "trials", "seed", "parallelTrials", "order", "constraints", "enqueue", "warmStart"]
        guard let map = cursor.map(keys, what: "a search") else { return nil }
        let sampler = map["sampler"].map { $0.name(of: SamplerKind.self, what: "sampler") } ?? .auto
        let seed = map["seed"].map { $0.int(0...Int.max) } ?? 1
        let parallel = map["parallelTrials"].map { $0.int(1...parallelLimit) } ?? 8
        let order = map["order"].map { $0.name(of: SearchOrder.self, what: "order") } ?? .reproducible
        let constraints = map["constraints"].map(decodeConstraints) ?? []
        let constrained = constraints.flatMap { constrain(space, $0, at: map["constraints"]) }
        var trials: Int?
        if sampler == .grid {
            trials = gridTrials(cursor, map["trials"], constrained)
        } else {
            trials = map.required("trials", hint: "how many points to try")?.int(1...trialLimit, unit: "trials")
        }
        let enqueue = map["enqueue"].map { decodeEnqueue($0, space: constrained, sampler: sampler, trials: trials) } ?? []
        let warmStart = map["warmStart"].map { WarmStartSpec.decode($0, space: constrained, sampler: sampler) }
        if case .some(nil) = warmStart { return nil }
        guard let sampler, let seed, let parallel, let trials, let order, let constraints, let enqueue,
            constrained != nil || space == nil
        else { return nil }
        return SearchSpec(
            sampler: sampler, trials: trials, seed: UInt64(seed), parallelTrials: parallel, order: order,
            constraints: constraints, enqueue: enqueue, warmStart: warmStart ?? nil)
    }

    static func decodeConstraints(_ cursor: Cursor) -> [SearchConstraint]? {
        guard let items = cursor.list(of: "conditions") else { return nil }
        let constraints = items.map { item -> SearchConstraint? in
            guard let text = item.string("a condition such as \"rule.fast < rule.slow\"") else { return nil }
            do throws(SearchError) {
                return try SearchConstraint(parsing: text)
            } catch {
                item.report(error.code, error.message, hint: error.hint)
                return nil
            }
        }
        return constraints.contains(nil) ? nil : constraints.compactMap { $0 }
    }

    /// The space with the conditions; reports what is wrong with them.
    static func constrain(_ space: SearchSpace?, _ constraints: [SearchConstraint], at cursor: Cursor?) -> SearchSpace? {
        guard let space, let cursor, !constraints.isEmpty else { return space }
        do throws(SearchError) {
            return try SearchSpace(space.parameters, constraints: constraints)
        } catch {
            cursor.report(error.code, error.message, hint: error.hint)
            return nil
        }
    }

    private static func decodeEnqueue(
        _ cursor: Cursor, space: SearchSpace?, sampler: SamplerKind?, trials: Int?
    ) -> [[String: ParameterValue]]? {
        guard let items = cursor.list(of: "points") else { return nil }
        guard sampler != .grid else {
            cursor.report("E_SPEC_RANGE", "a grid takes its points in order", hint: "leave enqueue out")
            return nil
        }
        let limit = min(enqueueLimit, trials ?? enqueueLimit)
        guard items.count <= limit else {
            cursor.report("E_SPEC_RANGE", "\(items.count) points are more than the limit of \(limit)")
            return nil
        }
        let points = items.map { item -> [String: ParameterValue]? in
            guard let map = item.anyMap(what: "a point"), let space else { return nil }
            var point: [String: ParameterValue] = [:]
            for (name, value) in map.items {
                let parameter = space.parameters.first { $0.name == name }
                let isNumber = parameter?.distribution.isNumeric ?? true
                let given = isNumber ? value.number("a number").map(ParameterValue.double) : CommandParameters.value(value)
                guard let given else { return nil }
                point[name] = parameter?.distribution.normalized(given) ?? given
            }
            do throws(SearchError) {
                try space.check(partial: point)
                return point
            } catch {
                (error.parameter.flatMap { map[$0] } ?? item).report(error.code, error.message, hint: error.hint)
                return nil
            }
        }
        return points.contains(nil) ? nil : points.compactMap { $0 }
    }

    /// A grid runs whole, so the number of its trials follows from the space; one that is given must agree.
    private static func gridTrials(_ search: Cursor, _ cursor: Cursor?, _ space: SearchSpace?) -> Int? {
        let given = cursor.map { $0.int(1...trialLimit, unit: "trials") }
        guard let space else { return nil }
        do throws(SearchError) {
            let size = try GridSampler.size(of: space, limit: trialLimit)
            if let cursor, let given {
                guard let given else { return nil }
                guard given == size else {
                    cursor.report(
                        "E_SPEC_RANGE", "a grid of \(size) points takes \(size) trials, not \(given)",
                        hint: "leave trials out, or leave the choice of a sampler to the study")
                    return nil
                }
            }
            return size
        } catch {
            search.report(error.code, error.message, hint: error.hint)
            return nil
        }
    }

    var json: JSONValue {
        .members([
            "sampler": .string(sampler.rawValue), "trials": .int(trials), "seed": .int(Int(clamping: seed)),
            "parallelTrials": .int(parallelTrials),
            "order": order == .reproducible ? nil : .string(order.rawValue),
            "constraints": constraints.isEmpty ? nil : .list(constraints.map { .string($0.text) }),
            "enqueue": enqueue.isEmpty ? nil : .list(enqueue.map { .object($0.mapValues(\.json)) }),
            "warmStart": warmStart?.json,
        ])
    }
}
