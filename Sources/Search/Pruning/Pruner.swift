/// A rule that ends hopeless trials early.
///
/// A trial runs from rung to rung: after so many steps it is held against a yardstick that was fixed when it opened, made from
/// the trials that it may know by its number. So what becomes of it is a function of the results, whoever ran it when.
package protocol Pruner: Sendable {
    /// What a trial that opens now is held against.
    func yardstick() -> any Yardstick
    /// Takes in the next trial that is over, in order of number; `curve` is nil when it failed, and `loss` is its objective when
    /// it ran to the end.
    mutating func close(_ curve: TrialCurve?, loss: Double?)
}

/// What one trial is held against.
package protocol Yardstick: Sendable {
    /// Why a trial that has just reached a rung, not its last, should end there; nil when it should go on. Called at each rung.
    func reasonToStop(_ curve: TrialCurve) -> String?
}
