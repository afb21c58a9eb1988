import Statistics

/// The hyperparameters of a study, in a fixed order, each with the values it can take, and the conditions between them. Always
/// valid.
package struct SearchSpace: Sendable, Hashable {
    /// A named hyperparameter.
    package struct Parameter: Sendable, Hashable, Codable {
        /// A dotted path into the strategy, such as `model.l2`.
        package let name: String
        package let distribution: Distribution
        /// When it takes part; nil is always.
        package let when: ParameterCondition?
        package init(name: String, distribution: Distribution, when: ParameterCondition? = nil) {
            (self.name, self.distribution, self.when) = (name, distribution, when)
        }
    }

    package let parameters: [Parameter]
    /// What every point of the space satisfies.
    package let constraints: [SearchConstraint]
    /// What each parameter depends on, by place, and all places with what others depend on before them.
    let dependencies: [Int: Dependency]
    let order: [Int]
    /// The value of each parameter while it does not take part: the middle of its axis.
    let resting: [ParameterValue]

    /// The most parameters of one space.
    package static let parameterLimit = 100

    /// The most conditions between the parameters of one space.
    package static let constraintLimit = 20

    /// Throws the first of `E_SPACE_EMPTY`, `E_SPACE_TOO_LARGE`, `E_SPACE_BOUNDS`, `E_SPACE_LOG`, `E_SPACE_STEP`,
    /// `E_SPACE_CONDITION`, `E_SPACE_CONSTRAINT` that applies.
    package init(_ parameters: [Parameter], constraints: [SearchConstraint] = []) throws(SearchError) {
        guard !parameters.isEmpty else {
            throw SearchError(
                code: "E_SPACE_EMPTY", message: "the search space has no parameters", hint: "give a parameter a range")
        }
        guard parameters.count <= Self.parameterLimit else {
            throw SearchError(
                code: "E_SPACE_TOO_LARGE",
                message: "\(parameters.count) parameters are more than the limit of \(Self.parameterLimit)")
        }
        var seen: Set<String> = []
        for parameter in parameters {
            try parameter.distribution.validate(name: parameter.name)
            guard seen.insert(parameter.name).inserted else {
                throw SearchError(
                    code: "E_SPACE_BOUNDS", message: "the parameter \(parameter.name) is defined twice", parameter: parameter.name
                )
            }
        }
        self.parameters = parameters
        self.constraints = constraints
        (dependencies, order) = try Self.dependencies(parameters)
        resting = parameters.map { Axis($0.distribution).value(atShare: 0.5) }
        try checkConstraints()
    }

    private func checkConstraints() throws(SearchError) {
        guard !constraints.isEmpty else { return }
        guard constraints.count <= Self.constraintLimit else {
            throw SearchError(
                code: "E_SPACE_TOO_LARGE",
                message: "\(constraints.count) conditions are more than the limit of \(Self.constraintLimit)")
        }
        for constraint in constraints {
            for name in constraint.parameters {
                guard let parameter = parameters.first(where: { $0.name == name }) else {
                    throw SearchError(
                        code: "E_SPACE_CONSTRAINT", message: "\"\(constraint.text)\" names \(name), which is not searched",
                        hint: "the parameters are \(parameters.map(\.name).joined(separator: ", "))")
                }
                guard parameter.distribution.isNumeric else {
                    throw SearchError(
                        code: "E_SPACE_CONSTRAINT", message: "\"\(constraint.text)\" compares \(name), which is not a number")
                }
            }
        }
        var generator = SplitMix64(seed: 1)
        guard RandomSampler.feasiblePoint(of: self, attempts: 10_000, using: &generator) != nil else {
            throw SearchError(
                code: "E_SPACE_EMPTY", message: "none of 10000 random points satisfies the conditions",
                hint: "loosen the conditions, or change the ranges to fit them")
        }
    }

    /// Whether the values, in the order of `parameters`, satisfy all conditions. One that speaks of a parameter which does not
    /// take part is satisfied.
    package func isFeasible(_ values: [ParameterValue]) -> Bool {
        guard !constraints.isEmpty else { return true }
        let active = activity(values)
        return constraints.allSatisfy { constraint in
            if hasConditions,
                parameters.indices.contains(where: { !active[$0] && constraint.factors[parameters[$0].name] != nil })
            {
                return true
            }
            return constraint.holds { name in
                parameters.firstIndex { $0.name == name }.flatMap { values.indices.contains($0) ? values[$0].number : nil }
            }
        }
    }

    /// The space of nothing left to choose, for a single run with fixed numbers: every sampler gives its one point.
    package static let point = SearchSpace(checked: [])

    private init(checked parameters: [Parameter]) {
        (self.parameters, constraints, dependencies, order, resting) = (parameters, [], [:], Array(parameters.indices), [])
    }

    /// How many points a grid over the space has, those included that a condition excludes. Throws `E_SPACE_STEP` when a parameter is continuous and
    /// `E_SPACE_TOO_LARGE` when there are more than `limit` points, however many more.
    package func gridSize(limit: Int = 1_000_000) throws(SearchError) -> Int {
        var size = 1
        for parameter in parameters {
            guard let count = parameter.distribution.count else {
                throw SearchError(
                    code: "E_SPACE_STEP", message: "\(parameter.name): a grid cannot cover a continuous range",
                    parameter: parameter.name,
                    hint: "give it a step, list its values as a choice, or leave the choice of a sampler to the study")
            }
            let (product, overflow) = size.multipliedReportingOverflow(by: count)
            guard !overflow, product <= limit else {
                throw SearchError(
                    code: "E_SPACE_TOO_LARGE", message: "the grid has more than \(limit) points",
                    hint: "use larger steps, fewer values, or the random or tpe sampler")
            }
            size = product
        }
        return size
    }

    /// The values of one point by parameter name, those that take part. `values` follow the order of `parameters`.
    package func named(_ values: [ParameterValue]) -> [String: ParameterValue] {
        var named: [String: ParameterValue] = [:]
        for (index, isActive) in activity(values).enumerated() where isActive { named[parameters[index].name] = values[index] }
        return named
    }

    /// The values of `named` in the order of `parameters`, typed as the space says; throws `E_SPACE_BOUNDS` when a parameter
    /// that takes part is missing, or one is unknown, does not take part, or is outside its distribution.
    package func ordered(_ named: [String: ParameterValue]) throws(SearchError) -> [ParameterValue] {
        var values = resting
        var active = [Bool](repeating: true, count: parameters.count)
        for index in order {
            let parameter = parameters[index]
            if let dependency = dependencies[index] {
                active[index] = active[dependency.parent] && dependency.values.contains(values[dependency.parent])
                guard active[index] else { continue }
            }
            guard let value = named[parameter.name] else {
                throw SearchError(
                    code: "E_SPACE_BOUNDS", message: "the parameter \(parameter.name) has no value", parameter: parameter.name)
            }
            guard let typed = parameter.distribution.normalized(value) else {
                throw SearchError(
                    code: "E_SPACE_BOUNDS", message: "\(parameter.name): \(value) is outside the search space",
                    parameter: parameter.name)
            }
            values[index] = typed
        }
        guard named.count == active.count(where: { $0 }) else {
            throw SearchError(
                code: "E_SPACE_BOUNDS",
                message: "values are given for parameters that the space does not have, or that take no part")
        }
        guard isFeasible(values) else {
            throw SearchError(
                code: "E_SPACE_CONSTRAINT",
                message: "the values do not satisfy \(constraints.map(\.text).joined(separator: " and "))")
        }
        return values
    }

    /// Throws `E_SPACE_BOUNDS` or `E_SPACE_CONSTRAINT` when no point of the space has the values of `partial`, which may leave
    /// parameters open.
    package func check(partial: [String: ParameterValue]) throws(SearchError) {
        var given: [String: ParameterValue] = [:]
        for (name, value) in partial.sorted(by: { $0.key < $1.key }) {
            guard let parameter = parameters.first(where: { $0.name == name }) else {
                throw SearchError(
                    code: "E_SPACE_BOUNDS", message: "\(name) is not searched", parameter: name,
                    hint: "the parameters are \(parameters.map(\.name).joined(separator: ", "))")
            }
            guard let typed = parameter.distribution.normalized(value) else {
                throw SearchError(
                    code: "E_SPACE_BOUNDS", message: "\(name): \(value) is outside the search space", parameter: name)
            }
            given[name] = typed
        }
        var generator = SplitMix64(seed: 1)
        guard RandomSampler.feasiblePoint(of: self, given: given, attempts: 10_000, using: &generator) != nil else {
            throw SearchError(
                code: "E_SPACE_CONSTRAINT",
                message: "no point with these values satisfies \(constraints.map(\.text).joined(separator: " and "))")
        }
    }
}
