/// A rule that proposes the next point.
///
/// What it proposes is a function of the history, the trial's number and the seed, the same on every machine. A sampler may keep
/// what it worked out from the history, which only grows, but must not depend on which suggestions it was asked for: after a
/// restart it sees the same history and is asked for the later trials only.
package protocol Sampler: Sendable {
    /// Whether `suggest` reads the history; when it does not, a study need not keep one.
    var readsHistory: Bool { get }

    /// The values of trial `number` in the order of the space's parameters.
    ///
    /// `history` holds what this trial may know: the completed trials that its number lets it see and the points of those
    /// it runs beside. It is the history of the call before, gone on. Random choices derive from `seed` and `number` alone.
    mutating func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue]
}
