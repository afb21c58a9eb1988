/// The samplers by the names that specs use.
package enum SamplerKind: String, Sendable, Hashable, Codable, CaseIterable {
    case grid, random, tpe

    package var sampler: any Sampler {
        switch self {
        case .grid: GridSampler()
        case .random: RandomSampler()
        case .tpe: TPESampler()
        }
    }
}
