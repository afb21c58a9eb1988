/// The samplers by the names that specs use.
package enum SamplerKind: String, Sendable, Hashable, Codable, CaseIterable {
    case auto, grid, random, sobol, halton, tpe, cma, gp

    package var sampler: any Sampler {
        switch self {
        case .auto: AutoSampler()
        case .grid: GridSampler()
        case .random: RandomSampler()
        case .sobol: SequenceSampler(.sobol)
        case .halton: SequenceSampler(.halton)
        case .tpe: TPESampler()
        case .cma: CMASampler()
        case .gp: GPSampler()
        }
    }
}
