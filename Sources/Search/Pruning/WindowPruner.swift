import Statistics

/// Stops a trial after any window once it is, by a sequential test, worse than the best trial it may know.
///
/// The test is on the differences window by window between the trial and that incumbent. The incumbent is the trial's for good,
/// so the probability that a trial as good as it is stopped, after whatever window, is at most the level. How neighbouring
/// windows hang together is learned from all trials of the study.
package struct WindowPruner: Pruner {
    private let test: SequentialMeanTest
    private var incumbent: Incumbent?
    private var correlation = SerialCorrelation()

    private struct Incumbent: Sendable {
        let loss: Double
        let steps: [Double]
    }

    /// The first look comes after so many windows.
    package static let first = 4
    /// A study of more windows is not looked at after each, but this often.
    package static let looks = 100
    /// How the level is spent: the share (n/N)^2.5 of it is spent after n of N windows.
    package static let spending = 2.5

    /// The numbers of windows after which a trial is looked at.
    package static func rungs(windows: Int, first: Int = first, every: Int = 1) -> [Int] {
        SpendingBoundary.counts(total: windows, first: max(2, first), step: max(1, every, (windows + looks - 1) / looks))
    }

    /// `rungs` rise and end with all windows.
    package init(rungs: [Int], level: Double) {
        test = SequentialMeanTest(
            boundary: SpendingBoundary(counts: rungs, level: level, exponent: Self.spending, estimatesVariance: true))
    }

    package func yardstick() -> any Yardstick {
        WindowYardstick(test: test, incumbent: incumbent?.steps ?? [], correlation: correlation)
    }

    package mutating func close(_ curve: TrialCurve?, loss: Double?) {
        guard let curve else { return }
        if let incumbent { correlation.add(WindowYardstick.differences(curve.steps, incumbent.steps)) }
        guard let loss, loss < incumbent?.loss ?? .infinity else { return }
        incumbent = Incumbent(loss: loss, steps: curve.steps)
    }
}

/// The incumbent's windows.
private struct WindowYardstick: Yardstick {
    let test: SequentialMeanTest
    let incumbent: [Double]
    let correlation: SerialCorrelation

    func reasonToStop(_ curve: TrialCurve) -> String? {
        let differences = Self.differences(curve.steps, incumbent)
        guard differences.count == curve.steps.count,
            let look = test.look(at: differences, correlation: correlation), look.isAboveZero
        else { return nil }
        return "worse than the best before it: p \(PruningText.probability(look.pValue)) is below "
            + PruningText.probability(look.threshold)
    }

    /// By how much the trial was worse in each window that both have.
    static func differences(_ steps: [Double], _ incumbent: [Double]) -> [Double] { zip(steps, incumbent).map { $0 - $1 } }
}
