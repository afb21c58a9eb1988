import Foundation
import Search
import Statistics

/// Measures how often the window pruner stops trials, by simulation.
struct PruningBench {
    let repeats: Int
    let windows = 20
    let level = 0.1

    /// The differences between a trial and the incumbent: a first-order autoregression with variance 1.
    struct Differences {
        let mean: Double
        let correlation: Double

        func draw(_ count: Int, using generator: inout SplitMix64) -> [Double] {
            var last = generator.gaussian()
            return (0..<count).map { index in
                if index > 0 { last = correlation * last + (1 - correlation * correlation).squareRoot() * generator.gaussian() }
                return mean + last
            }
        }
    }

    func run() {
        report("pruner.window.false_stop", Differences(mean: 0, correlation: 0))
        report("pruner.window.power", Differences(mean: 0.5, correlation: 0))
        for correlation in [0.3, 0.5] {
            let name = "rho\(Int(correlation * 10))"
            report("pruner.window.false_stop_\(name)", Differences(mean: 0, correlation: correlation), others: 20)
            report("pruner.window.power_\(name)", Differences(mean: 0.5, correlation: correlation), others: 20)
        }
    }

    private func report(_ name: String, _ differences: Differences, others: Int = 0) {
        let outcome = stops(differences, others: others)
        let error = (outcome.share * (1 - outcome.share) / Double(repeats)).squareRoot()
        Output.line([
            "name": .text(name), "value": .number(outcome.share), "unit": .text("share of trials"), "error": .number(error),
            "windows": .number(Double(windows)), "level": .number(level), "mean": .number(differences.mean),
            "correlation": .number(differences.correlation), "others": .number(Double(others)),
            "windows_run": .number(outcome.windows), "count": .number(Double(repeats)),
        ])
    }

    /// The share of trials that are stopped after one of their windows, and how many windows a trial takes on average, after
    /// `others` trials of the same kind have been seen whole.
    func stops(_ differences: Differences, others: Int) -> (share: Double, windows: Double) {
        let rungs = WindowPruner.rungs(windows: windows)
        let fresh = WindowPruner(rungs: rungs, level: level)
        let incumbent = [Double](repeating: 0, count: windows)
        var stopped = 0, run = 0
        for number in 0..<repeats {
            var generator = SplitMix64(seed: Seed.derive(3, UInt64(number)))
            var pruner = fresh
            pruner.close(TrialCurve(steps: incumbent, rungs: rungs), loss: 0)
            for _ in 0..<others {
                pruner.close(TrialCurve(steps: differences.draw(windows, using: &generator), rungs: rungs), loss: 1)
            }
            let yardstick = pruner.yardstick()
            let steps = differences.draw(windows, using: &generator)
            let end = rungs.first { yardstick.reasonToStop(TrialCurve(steps: Array(steps[..<$0]), rungs: rungs)) != nil }
            stopped += end == nil ? 0 : 1
            run += end ?? windows
        }
        return (Double(stopped) / Double(repeats), Double(run) / Double(repeats))
    }
}
