import Foundation
package import Statistics

/// Draws every parameter from its own distribution, independently of all other trials.
package struct RandomSampler: Sampler {
    package init() {}

    package var readsHistory: Bool { false }

    package func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        var generator = SplitMix64(seed: Seed.derive(seed, UInt64(truncatingIfNeeded: number)))
        return Self.point(of: history.space, using: &generator)
    }

    /// A point of `space` that satisfies its conditions; should none be found, one that does not.
    static func point(of space: SearchSpace, using generator: inout SplitMix64) -> [ParameterValue] {
        feasiblePoint(of: space, attempts: 1_000_000, using: &generator)
            ?? space.parameters.map { draw(from: $0.distribution, using: &generator) }
    }

    /// The first of at most `attempts` draws from `space` that satisfies its conditions. Values in `given` are taken as they are.
    static func feasiblePoint(
        of space: SearchSpace, given: [String: ParameterValue] = [:], attempts: Int, using generator: inout SplitMix64
    ) -> [ParameterValue]? {
        for _ in 0..<attempts {
            let point = space.parameters.map { given[$0.name] ?? draw(from: $0.distribution, using: &generator) }
            if space.isFeasible(point) { return space.canonical(point) }
        }
        return nil
    }

    /// One draw. Takes one `next()` (more, rarely, where an unbiased integer needs them).
    package static func draw(from distribution: Distribution, using generator: inout SplitMix64) -> ParameterValue {
        switch distribution {
        case .float(let low, let high, let log, nil):
            let u = generator.uniform()
            let x = log ? exp(Foundation.log(low) + u * (Foundation.log(high) - Foundation.log(low))) : low + u * (high - low)
            return .double(min(high, max(low, x)))
        case .int(let low, let high, true, _):
            // Whole numbers share the logarithmic axis by their cells of ±1/2.
            let (bottom, top) = (Foundation.log(Double(low) - 0.5), Foundation.log(Double(high) + 0.5))
            let x = exp(bottom + generator.uniform() * (top - bottom)).rounded()
            return .int(min(high, max(low, Int(x))))
        case .float, .int, .categorical, .ordinal:
            let count = UInt64(distribution.count ?? 1)
            return distribution.value(at: Int(generator.integer(below: count)))
        }
    }
}
