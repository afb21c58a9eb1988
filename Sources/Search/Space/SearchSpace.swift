import Statistics

/// The hyperparameters of a study, in a fixed order, each with the values it can take, and the conditions between them. Always
/// valid.
package struct SearchSpace: Sendable, Hashable {
    /// A named hyperparameter.
    package struct Parameter: Sendable, Hashable, Codable {
        /// A dotted path into the strategy, such as `model.l2`.
        package let name: String
        package let distribution: Distribution
        package init(name: String, distribution: Distribution) { (self.name, self.distribution) = (name, distribution) }
    }

    package let parameters: [Parameter]
    /// What every point of the space satisfies.
    package let constraints: [SearchConstraint]

    /// The most parameters of one space.
    package static let parameterLimit = 100

    /// The most conditions between the parameters of one space.
    package static let constraintLimit = 20

    /// Throws the first of `E_SPACE_EMPTY`, `E_SPACE_TOO_LARGE`, `E_SPACE_BOUNDS`, `E_SPACE_LOG`, `E_SPACE_STEP`,
    /// `E_SPACE_CONSTRAINT` that applies.
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

    /// Whether the values, in the order of `parameters`, satisfy all conditions.
    package func isFeasible(_ values: [ParameterValue]) -> Bool {
        constraints.allSatisfy { constraint in
            constraint.holds { name in
                parameters.firstIndex { $0.name == name }.flatMap { values.indices.contains($0) ? values[$0].number : nil }
            }
        }
    }

    /// The space of nothing left to choose, for a single run with fixed numbers: every sampler gives its one point.
    package static let point = SearchSpace(checked: [])

    private init(checked parameters: [Parameter]) { (self.parameters, constraints) = (parameters, []) }

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

    /// The values of one point by parameter name. `values` follow the order of `parameters`.
    package func named(_ values: [ParameterValue]) -> [String: ParameterValue] {
        Dictionary(zip(parameters, values).map { ($0.name, $1) }, uniquingKeysWith: { first, _ in first })
    }

    /// The values of `named` in the order of `parameters`, typed as the space says; throws `E_SPACE_BOUNDS` when a parameter
    /// is missing, unknown, or outside its distribution.
    package func ordered(_ named: [String: ParameterValue]) throws(SearchError) -> [ParameterValue] {
        var values: [ParameterValue] = []
        values.reserveCapacity(parameters.count)
        for parameter in parameters {
            guard let value = named[parameter.name] else {
                throw SearchError(
                    code: "E_SPACE_BOUNDS", message: "the parameter \(parameter.name) has no value", parameter: parameter.name)
            }
            guard let typed = parameter.distribution.normalized(value) else {
                throw SearchError(
                    code: "E_SPACE_BOUNDS", message: "\(parameter.name): \(value) is outside the search space",
                    parameter: parameter.name)
            }
            values.append(typed)
        }
        guard named.count == parameters.count else {
            throw SearchError(code: "E_SPACE_BOUNDS", message: "values are given for parameters that the space does not have")
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
