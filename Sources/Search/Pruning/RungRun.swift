/// A trial's run from the rung before, or from its beginning, to a rung.
package struct RungRun: Sendable, Hashable {
    package let trial: Int
    /// Counts from 0.
    package let rung: Int
    package init(trial: Int, rung: Int) { (self.trial, self.rung) = (trial, rung) }
}
