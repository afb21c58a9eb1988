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
        guard Self.hasGaps(space) else { return space.gridPoint(at: number) }
        if number <= last.trial { last = (-1, -1) }
        while last.trial < number {
            repeat { last.position += 1 } while !Self.counts(space.gridPoint(at: last.position), space)
            last.trial += 1
        }
        return space.gridPoint(at: last.position)
    }

    private static func hasGaps(_ space: SearchSpace) -> Bool { !space.constraints.isEmpty || space.hasConditions }

    private static func counts(_ point: [ParameterValue], _ space: SearchSpace) -> Bool {
        space.isFeasible(point) && space.canonical(point) == point
    }

    /// How many points of the grid over `space` satisfy its conditions; throws what `SearchSpace.gridSize` throws.
    package static func size(of space: SearchSpace, limit: Int) throws(SearchError) -> Int {
        let size = try space.gridSize(limit: limit)
        guard hasGaps(space) else { return size }
        return (0..<size).reduce(0) { $0 + (counts(space.gridPoint(at: $1), space) ? 1 : 0) }
    }
}
