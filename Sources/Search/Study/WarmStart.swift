/// How the trials of an older study are read by a new one whose space may be another.
package struct WarmStart: Sendable, Hashable {
    /// The parameter of the new space by that of the old one; parameters not named here keep their names.
    package var map: [String: String]
    /// What parameters of the new space had in the older study, which did not search them.
    package var fill: [String: ParameterValue]

    package init(map: [String: String] = [:], fill: [String: ParameterValue] = [:]) { (self.map, self.fill) = (map, fill) }

    /// A completed trial of an older study.
    package struct Known: Sendable, Hashable {
        /// In the order of the new space.
        package let point: [ParameterValue]
        package let outcome: TrialOutcome
        package init(point: [ParameterValue], outcome: TrialOutcome) { (self.point, self.outcome) = (point, outcome) }
    }

    /// The point of `space` that a trial of the older study stands for; nil when a parameter is missing or outside its range, or a
    /// condition does not hold. What the new space does not search is left out.
    package func point(_ old: [String: ParameterValue], in space: SearchSpace) -> [ParameterValue]? {
        var named = fill
        for (name, value) in old { named[map[name] ?? name] = value }
        let values = space.parameters.map { parameter in named[parameter.name].flatMap(parameter.distribution.normalized) }
        let complete = zip(values, space.resting).map { $0 ?? $1 }
        let active = space.activity(complete)
        guard zip(values, active).allSatisfy({ $0 != nil || !$1 }) else { return nil }
        let point = space.canonical(complete)
        return space.isFeasible(point) ? point : nil
    }

    /// Throws `E_WARM_START` when the mapping names a parameter that `space` does not have, or fills one with what it cannot be.
    package func check(_ space: SearchSpace) throws(SearchError) {
        let names = space.parameters.map(\.name)
        let hint = "the parameters are \(names.joined(separator: ", "))"
        for (old, new) in map.sorted(by: { $0.key < $1.key }) where !names.contains(new) {
            throw SearchError(code: "E_WARM_START", message: "\(old) is mapped to \(new), which is not searched", hint: hint)
        }
        guard Set(map.values).count == map.count else {
            throw SearchError(code: "E_WARM_START", message: "two parameters of the older study are mapped to one", hint: hint)
        }
        for (name, value) in fill.sorted(by: { $0.key < $1.key }) {
            guard let parameter = space.parameters.first(where: { $0.name == name }) else {
                throw SearchError(code: "E_WARM_START", message: "fill names \(name), which is not searched", hint: hint)
            }
            guard parameter.distribution.normalized(value) != nil else {
                throw SearchError(
                    code: "E_WARM_START", message: "\(name): \(value) is outside the search space", parameter: name)
            }
        }
    }
}
