import Statistics

/// Population-based training: after each interval the worst members take over the state of better ones and try other parameters.
///
/// A member among the worst ⌈qN⌉, half of all at most, copies a random one of the best as many (exploit); then each parameter is
/// drawn anew with the probability `resample` and otherwise multiplied by 1.2 or 0.8, or moved to a neighbour when it has choices
/// (explore). Jaderberg et al., "Population based training of neural networks", 2017; the numbers are Ray Tune's.
package struct Population: Sendable, Hashable {
    package let quantile: Double
    package let resample: Double
    private let space: SearchSpace

    /// `quantile` lies in (0, 0.5], `resample` in [0, 1].
    package init(space: SearchSpace, quantile: Double, resample: Double) {
        (self.space, self.quantile, self.resample) = (space, quantile, resample)
    }

    /// What becomes of a member.
    package struct Exchange: Sendable, Hashable {
        package let member: Int
        /// Whose state it goes on from.
        package let source: Int
        package let parameters: [String: ParameterValue]
    }

    /// The exchanges after a generation, in order of member. `losses` has one a member, nil where it failed; random choices derive
    /// from `seed`, the generation and the member alone.
    package func exchanges(
        losses: [Double?], parameters: [[String: ParameterValue]], generation: Int, seed: UInt64
    ) -> [Exchange] {
        let count = losses.count
        let moved = min(Int((quantile * Double(count)).rounded(.up)), count / 2)
        // Of equals the lower number is the better one; a member that failed is the worst.
        let ranked = losses.indices.sorted { (losses[$0] ?? .infinity, $0) < (losses[$1] ?? .infinity, $1) }
        let best = ranked.prefix(moved).filter { losses[$0] != nil }
        guard !best.isEmpty else { return [] }
        return ranked.suffix(moved).sorted().map { member in
            var generator = SplitMix64(
                seed: Seed.derive(seed, 7, UInt64(truncatingIfNeeded: generation), UInt64(truncatingIfNeeded: member)))
            let source = best[Int(generator.integer(below: UInt64(best.count)))]
            return Exchange(member: member, source: source, parameters: explored(parameters[source], using: &generator))
        }
    }

    /// A point near another; that point itself when none near it satisfies the conditions.
    private func explored(
        _ point: [String: ParameterValue], using generator: inout SplitMix64
    ) -> [String: ParameterValue] {
        for _ in 0..<100 {
            let values = space.canonical(
                space.parameters.map { explored(point[$0.name], $0.distribution, using: &generator) })
            if space.isFeasible(values) { return space.named(values) }
        }
        return point
    }

    private func explored(
        _ value: ParameterValue?, _ distribution: Distribution, using generator: inout SplitMix64
    ) -> ParameterValue {
        let axis = Axis(distribution)
        guard generator.uniform() >= resample, let value else { return axis.value(atShare: generator.uniform()) }
        let isUp = generator.uniform() < 0.5
        switch distribution {
        case .categorical, .ordinal: return axis.value(at: axis.coordinate(of: value) + (isUp ? 1 : -1))
        case .float(_, _, let log, _), .int(_, _, let log, _):
            guard let number = value.number else { return value }
            let moved = number * (isUp ? 1.2 : 0.8)
            return axis.value(at: log ? PortableMath.log(moved) : moved)
        }
    }
}
