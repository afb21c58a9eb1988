import Backtest
import Statistics
import Testing

/// Inference on Sharpe ratios holds its level: seeded simulations without any effect.
@Suite struct EvaluationLevelTests {
    /// Daily returns with fat tails: normal with a volatility that is now and then three times as high.
    private func returns(_ generator: inout SplitMix64, _ count: Int, mean: Double = 0) -> [Double] {
        (0..<count).map { _ in
            let scale = generator.uniform() < 0.05 ? 0.03 : 0.01
            return mean + scale * generator.gaussian()
        }
    }

    private func share(_ simulations: Int, seed: UInt64, _ holds: (inout SplitMix64) throws -> Bool) rethrows -> Double {
        var count = 0
        for simulation in 0..<simulations {
            var generator = SplitMix64(seed: Seed.derive(seed, UInt64(simulation)))
            if try holds(&generator) { count += 1 }
        }
        return Double(count) / Double(simulations)
    }

    @Test func `the interval holds the true Sharpe ratio in 95 % of cases`() {
        // The variance of the mixture is 0.95 × 0.01² + 0.05 × 0.03².
        let truth = 0.001 / (0.95 * 1e-4 + 0.05 * 9e-4).squareRoot()
        let inside = share(800, seed: 1) { generator in
            let moments = Moments(returns(&generator, 250, mean: 0.001))
            return SharpeInference.interval(
                sharpe: SharpeInference.sharpe(of: moments), skew: moments.skewness, kurtosis: moments.kurtosis, periods: 250
            ).contains(truth)
        }
        #expect((0.925...0.975).contains(inside))
        let resampled = share(100, seed: 2) { generator in
            SharpeInference.bootstrapInterval(
                returns: returns(&generator, 120, mean: 0.001), replications: 200, seed: generator.next()
            ).contains(truth)
        }
        #expect((0.86...1).contains(resampled))
    }

    @Test func `a probabilistic Sharpe ratio above 95 % without skill comes in 5 % of cases`() {
        let sure = share(1000, seed: 3) { generator in
            let moments = Moments(returns(&generator, 250))
            return SharpeInference.probabilistic(
                sharpe: SharpeInference.sharpe(of: moments), skew: moments.skewness, kurtosis: moments.kurtosis, periods: 250
            ) > 0.95
        }
        #expect((0.029...0.071).contains(sure))
    }

    @Test func `the best of many trials without skill is seldom sure after deflation, and often without it`() throws {
        var undeflated = 0
        let sure = try share(150, seed: 4) { generator in
            let trials = (0..<20).map { _ in returns(&generator, 120) }
            let deflated = try DeflatedSharpe(returns: trials)
            let best = Moments(trials[deflated.best])
            if SharpeInference.probabilistic(sharpe: SharpeInference.sharpe(of: best), periods: 120) > 0.95 { undeflated += 1 }
            return deflated.raw > 0.95
        }
        #expect(sure < 0.05 && undeflated > 75)
    }

    @Test func `variants of a few ideas without skill are seldom sure by the number of ideas`() throws {
        var counted = 0
        let sure = try share(150, seed: 8) { generator in
            let ideas = (0..<5).map { _ in returns(&generator, 120) }
            let trials = (0..<20).map { trial in
                zip(ideas[trial % 5], returns(&generator, 120)).map { $0 + 0.3 * $1 }
            }
            let deflated = try DeflatedSharpe(returns: trials)
            if deflated.effectiveTrials == 5 { counted += 1 }
            return deflated.effective > 0.95
        }
        #expect(sure < 0.08 && counted > 140)
    }

    @Test func `the minimum track record is as long as it takes to be sure in 95 % of cases without skill`() {
        let sure = share(1000, seed: 9) { generator in
            let moments = Moments(returns(&generator, 250))
            let needed = SharpeInference.minimumTrackRecord(
                sharpe: SharpeInference.sharpe(of: moments), skew: moments.skewness, kurtosis: moments.kurtosis)
            return moments.mean > 0 && needed <= 250
        }
        #expect((0.029...0.071).contains(sure))
    }

    @Test func `Sharpe differences: Memmel, Ledoit-Wolf and its bootstrap`() {
        func pair(_ generator: inout SplitMix64, _ count: Int) -> ([Double], [Double]) {
            let common = returns(&generator, count, mean: 0.0005)
            return (
                zip(common, returns(&generator, count)).map { $0 + $1 }, zip(common, returns(&generator, count)).map { $0 + $1 }
            )
        }
        let memmel = share(600, seed: 5) { generator in
            let (x, y) = pair(&generator, 150)
            return SharpeDifference.memmel(x, y).pValue <= 0.05
        }
        let robust = share(600, seed: 5) { generator in
            let (x, y) = pair(&generator, 150)
            return SharpeDifference.ledoitWolf(x, y).pValue <= 0.05
        }
        let resampled = share(120, seed: 6) { generator in
            let (x, y) = pair(&generator, 80)
            return SharpeDifference.ledoitWolfBootstrap(x, y, blockLength: 2, replications: 150, seed: generator.next()).pValue
                <= 0.05
        }
        // Three standard errors; the HAC variance is a little small in samples of this size.
        #expect((0.02...0.08).contains(memmel) && (0.02...0.1).contains(robust) && resampled < 0.12)
    }

    @Test func `overfitting is even odds when trials are noise`() throws {
        var probabilities = Moments()
        for simulation in 0..<30 {
            var generator = SplitMix64(seed: Seed.derive(7, UInt64(simulation)))
            let trials = (0..<10).map { _ in returns(&generator, 96) }
            probabilities.add(try OverfittingProbability(returns: trials, blocks: 8).probability)
        }
        #expect((0.4...0.65).contains(probabilities.mean))
    }
}
