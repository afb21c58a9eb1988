package import Search

/// When hopeless trials end early.
package struct PrunerSpec: Sendable, Hashable {
    package var rule: PruningRule
    /// The steps of a trial: nil when they are windows, which the walk-forward plan has; the full length of a run of a program.
    package var steps: Int?
    /// After how many steps a trial is first looked at; nil leaves it to the rule.
    package var first: Int?
    /// How many steps lie between two looks, for rules whose rungs lie evenly.
    package var every: Int?
    /// In which order windows run.
    package var order: StepOrder

    package init(rule: PruningRule, steps: Int? = nil, first: Int? = nil, every: Int? = nil, order: StepOrder) {
        self.rule = rule
        self.steps = steps
        self.first = first
        self.every = every
        self.order = order
    }

    package static let stepLimit = 1_000_000
    /// A program starts anew at each rung, so it has few of them.
    package static let programRungLimit = 64

    /// After how many steps each rung is reached, given how many steps a trial has.
    package func rungs(of steps: Int) -> [Int] {
        rule.rungs(of: steps, first: first ?? defaultFirst(steps), every: every ?? defaultEvery(steps))
    }

    private func defaultFirst(_ steps: Int) -> Int {
        switch rule {
        case .window: WindowPruner.first
        // Three rungs, or for brackets four.
        case .halving(let reduction): max(1, (steps + reduction * reduction - 1) / (reduction * reduction))
        case .hyperband(let reduction): max(1, steps / (reduction * reduction * reduction))
        case .percentile, .threshold, .patience: self.steps == nil ? 4 : every ?? defaultEvery(steps)
        }
    }

    /// After each window, or after each tenth of a program's steps.
    private func defaultEvery(_ steps: Int) -> Int { self.steps == nil ? 1 : max(1, (steps + 9) / 10) }
}
