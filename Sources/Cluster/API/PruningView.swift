/// What a study's pruner has come to. Steps are windows, or the steps of a program.
package struct PruningView: Codable, Sendable, Hashable {
    /// Trials that ended early.
    package var trials: Int
    /// Steps of all trials, had each run to its end.
    package var steps: Int
    /// Steps that were asked for.
    package var stepsRun: Int

    package init(trials: Int = 0, steps: Int, stepsRun: Int = 0) {
        (self.trials, self.steps, self.stepsRun) = (trials, steps, stepsRun)
    }
}
