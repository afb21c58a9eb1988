/// Which trials end early, with the numbers of the rule.
package enum PruningRule: Sendable, Hashable {
    /// The sequential test against the best trial, at a level.
    case window(level: Double)
    /// Worse than what the best `share` of the completed trials had come to; `startup` of them there must be.
    case percentile(share: Double, startup: Int)
    /// An objective outside the limits.
    case threshold(ClosedRange<Double>)
    case patience(rungs: Int, margin: Double)
    case halving(reduction: Int)
    case hyperband(reduction: Int)

    /// How many times the steps of a rung are those of the one before; nil for rules whose rungs lie evenly.
    package var reduction: Int? {
        switch self {
        case .halving(let reduction), .hyperband(let reduction): reduction
        case .window, .percentile, .threshold, .patience: nil
        }
    }

    /// After how many of `steps` steps each rung is reached; `first` and `every` are at least 1.
    package func rungs(of steps: Int, first: Int, every: Int) -> [Int] {
        if let reduction { return Self.ladder(to: steps, first: first, reduction: reduction) }
        if case .window = self { return WindowPruner.rungs(windows: steps, first: first, every: every) }
        return Self.even(to: steps, first: first, every: every)
    }

    /// `study` under this rule.
    package func pruned(_ study: Study, rungs: [Int]) -> PrunedStudy {
        switch self {
        case .window(let level): return PrunedStudy(study, rungs: rungs, pruner: WindowPruner(rungs: rungs, level: level))
        case .percentile(let share, let startup):
            return PrunedStudy(
                study, rungs: rungs, pruner: PercentilePruner(rungs: rungs.count, share: share, startup: startup))
        case .threshold(let limits):
            let losses = study.direction == .minimize ? limits : -limits.upperBound...(-limits.lowerBound)
            return PrunedStudy(study, rungs: rungs, pruner: ThresholdPruner(losses))
        case .patience(let patience, let margin):
            return PrunedStudy(study, rungs: rungs, pruner: PatiencePruner(patience: patience, margin: margin))
        case .halving(let reduction):
            return PrunedStudy(study, rungs: rungs, ladder: HalvingLadder(rungs: rungs.count, reduction: reduction))
        case .hyperband(let reduction):
            let ladder = HyperbandLadder(rungs: rungs.count, reduction: reduction, trials: study.trialCount)
            return PrunedStudy(study, rungs: rungs, ladder: ladder)
        }
    }

    private static func even(to steps: Int, first: Int, every: Int) -> [Int] {
        Array(stride(from: min(max(1, first), steps), to: steps, by: max(1, every))) + [steps]
    }

    private static func ladder(to steps: Int, first: Int, reduction: Int) -> [Int] {
        var (rungs, next) = ([Int](), max(1, first))
        while next < steps {
            rungs.append(next)
            next = next.multipliedReportingOverflow(by: max(2, reduction)).partialValue
            // Past what any trial has.
            if next <= rungs[rungs.count - 1] { break }
        }
        return rungs + [steps]
    }
}
