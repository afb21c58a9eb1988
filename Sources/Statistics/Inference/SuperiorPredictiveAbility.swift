import Foundation

/// The test of many models against one benchmark: does the best of them beat it by more than luck?
///
/// Hansen, "A test for superior predictive ability", JBES 23, 2005: the consistent probability, between a lower and an upper
/// bound that recentre fewer and more of the poor models; the upper one is White's Reality Check.
package struct SuperiorPredictiveAbility: Sendable, Hashable {
    /// What the best model is chosen by.
    package enum Statistic: Sendable, Hashable {
        /// The mean gain over its standard error, so that a noisy model is not the best by its noise.
        case studentised
        /// The plain mean gain, as `arch.bootstrap.SPA` does it.
        case raw
    }

    /// The largest statistic of all models; for studentised ones at least 0.
    package let statistic: Double
    /// The model that reached it; nil when there is none.
    package let best: Int?
    package let lower: Double
    package let consistent: Double
    package let upper: Double

    /// Tests `gains`, one array of equal length for each model: what the benchmark lost less what the model lost, period by
    /// period (or the model's return less the benchmark's).
    ///
    /// `replications` stationary bootstraps with blocks of `meanBlockLength`, by default √n. NaN without models, for fewer
    /// than three periods, for arrays of different lengths and for gains that are not finite. A model whose gains never change is left out of the
    /// studentised statistic.
    package static func test(
        gains: [[Double]], statistic: Statistic = .studentised, meanBlockLength: Double? = nil, replications: Int = 1000,
        seed: UInt64
    ) -> SuperiorPredictiveAbility {
        let count = gains.first?.count ?? 0
        let length = meanBlockLength ?? Double(count).squareRoot().rounded(.down)
        var bootstrap = StationaryBootstrap(meanBlockLength: length, seed: seed)
        return test(gains: gains, statistic: statistic, meanBlockLength: length, replications: replications) {
            bootstrap.indices(count: count)
        }
    }

    /// The same with resamples from elsewhere: each call of `resample` gives the positions of one.
    package static func test(
        gains: [[Double]], statistic: Statistic, meanBlockLength: Double, replications: Int, resample: () -> [Int]
    ) -> SuperiorPredictiveAbility {
        let count = gains.first?.count ?? 0
        guard count > 2, replications > 0, gains.allSatisfy({ $0.count == count && $0.allSatisfy(\.isFinite) }) else {
            return .unknown
        }
        let n = Double(count)
        let variances = gains.map { longRunVariance($0, meanBlockLength: meanBlockLength) }
        // Where the gains never change there is no standard error to divide by.
        let models = gains.indices.filter { statistic == .raw || variances[$0] > 0 }
        guard !models.isEmpty else { return .unknown }
        let means = models.map { CompensatedSum.of(gains[$0]) / n }
        let scales = models.map { statistic == .raw ? 1 : (n / variances[$0]).squareRoot() }
        // Poor models below this line cannot be the best in the limit.
        let lines = models.map { -(variances[$0] / n * 2 * log(log(n))).squareRoot() }
        let floor = statistic == .raw ? -Double.infinity : 0
        var best: Int?
        var largest = -Double.infinity
        for (place, model) in models.enumerated() where means[place] * scales[place] > largest {
            largest = means[place] * scales[place]
            best = model
        }
        largest = max(largest, floor)

        var beyond = (lower: 0, consistent: 0, upper: 0)
        for _ in 0..<replications {
            let positions = resample()
            var lower = floor, consistent = floor, upper = floor
            for (place, model) in models.enumerated() {
                var sum = 0.0
                gains[model].withUnsafeBufferPointer { values in for position in positions { sum += values[position] } }
                let resampled = sum / n, mean = means[place], scale = scales[place]
                upper = max(upper, (resampled - mean) * scale)
                consistent = max(consistent, (resampled - (mean >= lines[place] ? mean : 0)) * scale)
                lower = max(lower, (resampled - max(mean, 0)) * scale)
            }
            if lower > largest { beyond.lower += 1 }
            if consistent > largest { beyond.consistent += 1 }
            if upper > largest { beyond.upper += 1 }
        }
        func share(_ count: Int) -> Double { Double(count) / Double(replications) }
        return SuperiorPredictiveAbility(
            statistic: largest, best: best, lower: share(beyond.lower), consistent: share(beyond.consistent),
            upper: share(beyond.upper))
    }

    /// The variance of √n times the mean under the stationary bootstrap (Politis and Romano, 1994, lemma 1).
    static func longRunVariance(_ values: [Double], meanBlockLength: Double) -> Double {
        let count = values.count
        let n = Double(count)
        let mean = CompensatedSum.of(values) / n
        let deviations = values.map { $0 - mean }
        guard values.contains(where: { $0 != values[0] }) else { return 0 }
        let stay = 1 - 1 / max(1, meanBlockLength)
        var variance = 0.0
        for lag in 0..<count {
            let share = Double(lag) / n
            let weight = (1 - share) * pow(stay, Double(lag)) + share * pow(stay, n - Double(lag))
            // The lags in the middle weigh nothing, and their sums are what would make the cost quadratic.
            guard weight > 1e-18 else { continue }
            var product = 0.0
            for i in lag..<count { product += deviations[i] * deviations[i - lag] }
            variance += (lag == 0 ? 1 : 2 * weight) * product / n
        }
        return variance
    }

    private static let unknown = SuperiorPredictiveAbility(
        statistic: .nan, best: nil, lower: .nan, consistent: .nan, upper: .nan)
}
