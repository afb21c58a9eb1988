/// A rule that lets the best of the trials that wait at a rung go on to the next.
///
/// What it says is a function of the results that it was told, in that order.
package protocol Ladder: Sendable {
    /// The rung to which trial `number` runs first.
    func firstRung(of number: Int) -> Int
    /// What a run came to; `loss` is nil when it failed.
    mutating func take(_ run: RungRun, loss: Double?)
    /// The run that a waiting trial is promoted to, which it then is; nil when none is to be.
    mutating func promotion() -> RungRun?
}
