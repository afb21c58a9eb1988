/// Goes through every point of a space whose parameters are all discrete; the last parameter varies fastest. Points that a
/// condition excludes are passed over, and so are those that differ only in parameters that take no part.
///
/// The space passes `SearchSpace.gridSize`; a number beyond the last point starts over.
package struct GridSampler: Sampler {
    /// The last trial asked for and where on the grid, excluded points counted, its point was.
    private var last: (trial: Int, position: Int) = (-1, -1)

    package init() {}

    package var readsHistory: Bool { false }

    package mutating func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        let space = history.space
        guard Self.hasGaps(space) else { return Self.point(max(0, number), of: space) }
        if number <= last.trial { last = (-1, -1) }
        while last.trial < number {
            repeat { last.position += 1 } while !Self.counts(Self.point(last.position, of: space), space)
            last.trial += 1
        }
        return Self.point(last.position, of: space)
    }

    private static func hasGaps(_ space: SearchSpace) -> Bool { !space.constraints.isEmpty || space.hasConditions }

    private static func counts(_ point: [ParameterValue], _ space: SearchSpace) -> Bool {
        space.isFeasible(point) && space.canonical(point) == point
    }

    private static func point(_ position: Int, of space: SearchSpace) -> [ParameterValue] {
        var rest = position
        var values: [ParameterValue] = []
        for parameter in space.parameters.reversed() {
            let count = parameter.distribution.count ?? 1
            values.append(parameter.distribution.value(at: rest % count))
            rest /= count
        }
        return values.reversed()
    }

    /// How many points of the grid over `space` satisfy its conditions; throws what `SearchSpace.gridSize` throws.
    package static func size(of space: SearchSpace, limit: Int) throws(SearchError) -> Int {
        let size = try space.gridSize(limit: limit)
        guard hasGaps(space) else { return size }
        return (0..<size).reduce(0) { $0 + (counts(point($1, of: space), space) ? 1 : 0) }
    }
}
