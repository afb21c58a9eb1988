import Foundation
import Search

/// Fronts of two objectives: how much of the space up to (1.1, 11) the trials of a study dominate.
///
/// Zitzler, Deb and Thiele, "Comparison of multiobjective evolutionary algorithms: empirical results", 2000, T1 to T3 in ten
/// dimensions.
struct FrontBench {
    let seeds: Int
    let trials: Int

    private static let dimensions = 10
    private static let shapes: [(name: String, shape: @Sendable (_ x: Double, _ g: Double) -> Double)] = [
        ("zdt1", { 1 - ($0 / $1).squareRoot() }), ("zdt2", { 1 - ($0 / $1) * ($0 / $1) }),
        ("zdt3", { 1 - ($0 / $1).squareRoot() - $0 / $1 * sin(10 * .pi * $0) }),
    ]

    /// The dominated area for each function and seed, as JSON objects, one a line.
    func volumes(_ sampler: SamplerKind) throws {
        let space = try SearchSpace(
            (0..<Self.dimensions).map { .init(name: "x\($0)", distribution: .float(low: 0, high: 1)) })
        for (name, shape) in Self.shapes {
            let begun = ContinuousClock.now
            let volumes = try (0..<seeds).map { seed in
                var study = Study(
                    space: space, sampler: sampler.sampler(objectives: 2), trials: trials, seed: UInt64(seed), parallelTrials: 1,
                    direction: .minimize, further: [.minimize])
                while let trial = study.next() {
                    let x = try space.ordered(trial.parameters).compactMap(\.number)
                    let g = 1 + 9 * x.dropFirst().reduce(0, +) / Double(x.count - 1)
                    study.tell(trial.number, .values([x[0], g * shape(x[0], g)], violation: 0))
                }
                return Hypervolume.of(study.front.map(\.values), reference: [1.1, 11])
            }
            Output.line([
                "sampler": .text(sampler.rawValue), "function": .text(name), "trials": .number(Double(trials)),
                "hypervolumes": .numbers(volumes), "seconds": .number((ContinuousClock.now - begun) / .seconds(1)),
            ])
        }
    }
}
