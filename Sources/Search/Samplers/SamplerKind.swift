/// The samplers by the names that specs use.
package enum SamplerKind: String, Sendable, Hashable, Codable, CaseIterable {
    case auto, grid, random, sobol, halton, tpe, cma, gp, nsga2

    package var sampler: any Sampler { sampler(objectives: 1) }

    /// The most objectives it can search for at once.
    package var objectiveLimit: Int {
        switch self {
        case .cma, .gp: 1
        case .auto, .grid, .random, .sobol, .halton, .tpe, .nsga2: Study.objectiveLimit
        }
    }

    /// The sampler for a study of so many objectives; `auto` is a portfolio for one of them and the Parzen estimator for more.
    package func sampler(objectives: Int) -> any Sampler {
        switch self {
        case .auto: objectives > 1 ? TPESampler() : AutoSampler()
        case .grid: GridSampler()
        case .random: RandomSampler()
        case .sobol: SequenceSampler(.sobol)
        case .halton: SequenceSampler(.halton)
        case .tpe: TPESampler()
        case .cma: CMASampler()
        case .gp: GPSampler()
        case .nsga2: EvolutionSampler()
        }
    }
}
