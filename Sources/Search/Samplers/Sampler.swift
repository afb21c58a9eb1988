/// A rule that proposes the next point. A pure function: the same arguments give the same point on every machine.
package protocol Sampler: Sendable {
    /// Whether `suggest` reads the history; when it does not, a study need not keep one.
    var readsHistory: Bool { get }

    /// The values of trial `number` in the order of the space's parameters.
    ///
    /// `history` holds what this trial may know: the completed trials that its number lets it see and the points of those
    /// it runs beside. Random choices derive from `seed` and `number` alone.
    func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue]
}

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
