extension SearchSpace {
    /// The point at `position` of the grid over the space, which `gridSize` has found finite; the last parameter varies fastest.
    package func gridPoint(at position: Int) -> [ParameterValue] {
        var rest = max(0, position)
        var values: [ParameterValue] = []
        values.reserveCapacity(parameters.count)
        for parameter in parameters.reversed() {
            let count = parameter.distribution.count ?? 1
            values.append(parameter.distribution.value(at: rest % count))
            rest /= count
        }
        return values.reversed()
    }
}
