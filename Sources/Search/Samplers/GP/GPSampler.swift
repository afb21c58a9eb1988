import Foundation
import Statistics

/// A Gaussian process over the space, and as next trial the point with the largest expected improvement (its logarithm, which is
/// exact where the improvement underflows).
///
/// Which form and shape the covariance has and on which scale the losses are read is decided by the evidence, again and again as
/// trials come in. Trials that run are imagined in several scenarios drawn from what the process expects of them; the improvement
/// is that over the best of the known and the imagined (the batch's expected improvement, chosen point by point). Where many
/// run, every second suggestion of all but the first rounds stays in the box around the best trials: results that come late leave
/// few rounds to close in.
/// Beyond `trialLimit` completed trials it looks at the best and the newest ones only.
package struct GPSampler: Sampler {
    /// Completed trials below which the points of a Sobol sequence are proposed.
    package let startupTrials: Int
    /// Completed trials that the process is built on, at most; hyperparameters are fitted to half as many.
    package let trialLimit: Int

    /// In how many scenarios the trials that run are imagined.
    private static let scenarios = 32
    /// The trials that run from which on every second suggestion stays near the best trials, and how many of those span the box.
    static let crowd = 8
    private static let boxTrials = 20

    /// What the last fit brought, and the number of completed trials it knew.
    private var model: (count: Int, model: GPModel)?

    package init(startupTrials: Int = 10, trialLimit: Int = 200) {
        self.startupTrials = max(2, startupTrials)
        self.trialLimit = max(4, trialLimit)
    }

    package var readsHistory: Bool { true }

    package mutating func suggest(trial number: Int, history: TrialHistory, seed: UInt64) -> [ParameterValue] {
        let encoding = CubeEncoding(history.axes)
        guard history.count >= startupTrials, encoding.dimensions > 0 else {
            return SequenceSampler(.sobol).suggest(trial: number, history: history, seed: seed)
        }
        let model = model(for: history, encoding)
        let trials = trials(of: history)
        let rows = trials.flatMap { encoding.row(history, $0) }
        let losses = history.steeringLosses(trials)
        let values = model.scale.values(losses).values
        // Noise as fitted makes the matrix positive definite; should rounding still defeat it, more noise does not.
        var noise = model.noise
        var process: GaussianProcess?
        while process == nil, noise < 1e3 {
            process = GaussianProcess(kernel: model.kernel, noise: noise, rows: rows, values: values)
            noise *= 10
        }
        guard var process else { return SequenceSampler(.sobol).suggest(trial: number, history: history, seed: seed) }
        // The least value that is not due to noise: the mean at a known point is its value less the noise's part.
        let least = values.indices.map { values[$0] - process.noise * process.coefficients[0][$0] }.min() ?? 0
        let stream = Seed.derive(seed, UInt64(truncatingIfNeeded: number))
        var best = [least]
        if history.pendingCount > 0 {
            var generator = SplitMix64(seed: Seed.derive(stream, 1))
            let draws = (0..<Self.scenarios).map { _ in (0..<history.pendingCount).map { _ in generator.gaussian() } }
            let imagined = process.imagine((0..<history.pendingCount).map { encoding.pendingRow(history, $0) }, draws: draws)
            best = imagined.map { min(least, $0) }
        }
        let (axes, space) = (history.axes, history.space)
        let isLocal =
            history.pendingCount >= Self.crowd && history.count >= 2 * history.pendingCount && number % 2 == 1
        let nearest = history.ranking.prefix(Self.boxTrials).map { encoding.row(history, Int($0)) }
        let region = isLocal ? SearchRegion(around: nearest, isChoice: encoding.isChoice) : .whole
        let acquisition = Acquisition(process: process, best: best, encoding: encoding, region: region) { point in
            guard space.hasConditions || !space.constraints.isEmpty else { return point }
            let values = space.canonical(encoding.values(point, axes: axes))
            guard space.isFeasible(values) else { return nil }
            return space.hasConditions ? encoding.point(values) : point
        }
        let point = acquisition.maximize(
            incumbents: Array(nearest.prefix(8)), seed: Seed.derive(stream, 2))
        return point.map { encoding.values($0, axes: axes) }
            ?? RandomSampler().suggest(trial: number, history: history, seed: seed)
    }

    /// The completed trials that the process is built on, oldest first: all, or the best and the newest.
    private func trials(of history: TrialHistory) -> [Int] {
        guard history.count > trialLimit else { return Array(0..<history.count) }
        let best = history.ranking.prefix(trialLimit / 2).map(Int.init)
        let newest = history.count - (trialLimit - best.count)
        return (best.filter { $0 < newest } + Array(newest..<history.count)).sorted()
    }

    /// The model for this history: that of the last count at which one is fitted.
    private mutating func model(for history: TrialHistory, _ encoding: CubeEncoding) -> GPModel {
        let count = Self.refitCount(history.count, from: startupTrials, growth: 8)
        if let model, model.count == count { return model.model }
        let choice = Self.refitCount(history.count, from: startupTrials, growth: 3)
        let fitted = GPModel.fit(history, count: count, choice: choice, limit: trialLimit / 2, encoding)
        model = (count, fitted)
        return fitted
    }

    /// The largest number up to `count` in the sequence that begins with `first` and grows by a `growth`th each time, by no more
    /// than 25.
    package static func refitCount(_ count: Int, from first: Int, growth: Int) -> Int {
        var result = first
        while result / growth < 25 {
            let next = result + max(1, result / growth)
            if next > count { return result }
            result = next
        }
        return result + (count - result) / 25 * 25
    }
}

extension CubeEncoding {
    /// The completed trial at `index` as a point of the cube.
    func row(_ history: TrialHistory, _ index: Int) -> [Double] {
        parameters.indices.map { place(history.columns[parameters[$0].index][index], in: $0) }
    }

    /// The trial that runs at `index` among those that do.
    func pendingRow(_ history: TrialHistory, _ index: Int) -> [Double] {
        parameters.indices.map { place(history.pending[parameters[$0].index][index], in: $0) }
    }
}
