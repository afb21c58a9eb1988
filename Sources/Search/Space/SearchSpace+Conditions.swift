/// Parameters that take part only when another one has a certain value.
///
/// A point gives every parameter a value; one that does not take part has its resting value, whatever was proposed, so that
/// points which differ in nothing that counts are equal.
extension SearchSpace {
    /// Why a parameter takes part: the place of the one it depends on, and the values that one must have.
    struct Dependency: Sendable, Hashable {
        let parent: Int
        let values: [ParameterValue]
    }

    /// Whether any parameter may not take part.
    package var hasConditions: Bool { !dependencies.isEmpty }

    /// Which parameters take part at a point whose values are in the order of `parameters`.
    package func activity(_ values: [ParameterValue]) -> [Bool] {
        var active = [Bool](repeating: true, count: parameters.count)
        guard hasConditions else { return active }
        for index in order {
            guard let dependency = dependencies[index] else { continue }
            active[index] = active[dependency.parent] && dependency.values.contains(values[dependency.parent])
        }
        return active
    }

    /// The point with every parameter that does not take part at rest.
    package func canonical(_ values: [ParameterValue]) -> [ParameterValue] {
        guard hasConditions else { return values }
        return zip(zip(values, resting), activity(values)).map { $1 ? $0.0 : $0.1 }
    }

    /// The parameters in groups that take part together, those that others depend on first: what grouped samplers choose one
    /// after the other.
    package var groups: [[Int]] {
        var groups: [[Int]] = []
        for index in order {
            if let place = groups.firstIndex(where: { dependencies[$0[0]] == dependencies[index] }) {
                groups[place].append(index)
            } else {
                groups.append([index])
            }
        }
        return groups
    }

    /// The dependencies by place, and the places ordered so that a parameter comes after the one it depends on.
    ///
    /// Throws `E_SPACE_CONDITION` for a condition on an unknown parameter, on a value it does not have, or on itself.
    static func dependencies(
        _ parameters: [Parameter]
    ) throws(SearchError) -> (dependencies: [Int: Dependency], order: [Int]) {
        var dependencies: [Int: Dependency] = [:]
        for (index, parameter) in parameters.enumerated() {
            guard let condition = parameter.when else { continue }
            func fail(_ message: String, _ hint: String? = nil) -> SearchError {
                SearchError(
                    code: "E_SPACE_CONDITION", message: "\(parameter.name): when \"\(condition)\" \(message)",
                    parameter: parameter.name, hint: hint)
            }
            guard let parent = parameters.firstIndex(where: { $0.name == condition.parameter }) else {
                throw fail("names \(condition.parameter), which is not searched")
            }
            let distribution = parameters[parent].distribution
            guard distribution.count != nil else {
                throw fail("compares \(condition.parameter), which is continuous", "depend on a choice or on whole numbers")
            }
            var values: [ParameterValue] = []
            for value in condition.values {
                guard let typed = distribution.normalized(value) else {
                    throw fail("names \(value), which \(condition.parameter) cannot have")
                }
                values.append(typed)
            }
            dependencies[index] = Dependency(parent: parent, values: values)
        }
        var order: [Int] = []
        var rest = Array(parameters.indices)
        while !rest.isEmpty {
            let placed = Set(order)
            let ready = rest.filter { dependencies[$0].map { placed.contains($0.parent) } ?? true }
            guard !ready.isEmpty else {
                throw SearchError(
                    code: "E_SPACE_CONDITION", message: "\(parameters[rest[0]].name) takes part only by way of itself",
                    parameter: parameters[rest[0]].name, hint: "break the circle of conditions")
            }
            order += ready
            rest.removeAll { ready.contains($0) }
        }
        return (dependencies, order)
    }
}
