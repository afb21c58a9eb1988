import Statistics
import Testing

/// Each test rejects true hypotheses about as often as its level says: seeded simulations without any effect.
@Suite struct LevelTests {
    /// The share of `simulations` whose probability is at most 5 %.
    private func rejections(_ simulations: Int, seed: UInt64, _ pValue: (inout SplitMix64) -> Double) -> Double {
        var rejected = 0
        for simulation in 0..<simulations {
            var generator = SplitMix64(seed: Seed.derive(seed, UInt64(simulation)))
            if pValue(&generator) <= 0.05 { rejected += 1 }
        }
        return Double(rejected) / Double(simulations)
    }

    private func normal(_ generator: inout SplitMix64, _ count: Int) -> [Double] { (0..<count).map { _ in generator.gaussian() } }

    // The standard error of a share of 5 % in 1,000 simulations is 0.7 %: the bounds are three of them away.
    private let level = 0.029...0.071

    @Test func `paired t`() {
        #expect(level.contains(rejections(1000, seed: 1) { TTest.paired(normal(&$0, 20), normal(&$0, 20)).pValue }))
    }

    @Test func `one-sample t and the coefficients of a regression`() {
        #expect(level.contains(rejections(1000, seed: 12) { TTest.oneSample(normal(&$0, 15)).pValue }))
        let alpha = rejections(1000, seed: 13) { generator in
            let factors = [normal(&generator, 40), normal(&generator, 40), normal(&generator, 40)]
            return LeastSquares(normal(&generator, 40), on: factors)?.pValues[0] ?? 0
        }
        #expect(level.contains(alpha))
    }

    @Test func `Kolmogorov-Smirnov, exact and in the limit`() {
        // Of two samples of 20 the statistic takes few values, so the test is a little below its level.
        #expect(
            (0.01...0.071).contains(
                rejections(1000, seed: 14) { KolmogorovSmirnov.test(normal(&$0, 20), normal(&$0, 20)).pValue }))
        #expect(level.contains(rejections(600, seed: 15) { KolmogorovSmirnov.test(normal(&$0, 600), normal(&$0, 500)).pValue }))
    }

    @Test func `Wilcoxon, exact and approximate`() {
        #expect(level.contains(rejections(1000, seed: 2) { WilcoxonSignedRank.test(normal(&$0, 25)).pValue }))
        #expect(level.contains(rejections(1000, seed: 3) { WilcoxonSignedRank.test(normal(&$0, 80)).pValue }))
    }

    @Test func `Newey-West under autocorrelation, where the plain t test rejects far too often`() {
        func series(_ generator: inout SplitMix64) -> [Double] {
            var value = 0.0
            return normal(&generator, 400).map { step in
                value = 0.4 * value + step
                return value
            }
        }
        let robust = rejections(600, seed: 4) { NeweyWest.test(series(&$0), lags: 8).pValue }
        let plain = rejections(600, seed: 4) { TTest.oneSample(series(&$0)).pValue }
        // The Bartlett window leaves part of the variance out, so it rejects a little too often.
        #expect((0.03...0.1).contains(robust) && plain > 0.15)
    }

    @Test func `Diebold-Mariano at horizons 1 and 3`() {
        for (horizon, seed) in [(1, 5), (3, 6)] {
            let share = rejections(1000, seed: UInt64(seed)) { generator in
                let steps = normal(&generator, 62)
                // A forecast h steps ahead has errors that are a moving average of h - 1.
                let errors = (2..<62).map { i in (0..<horizon).reduce(0) { $0 + steps[i - $1] } }
                return DieboldMariano.test(errors, [Double](repeating: 0, count: 60), horizon: horizon).pValue
            }
            #expect((0.029...0.085).contains(share), "horizon \(horizon)")
        }
    }

    @Test func `Holm rejects any of ten true hypotheses in at most 5 % of cases`() {
        let share = rejections(1000, seed: 7) { generator in
            MultipleTesting.holm((0..<10).map { _ in generator.uniform() }).min() ?? 1
        }
        #expect(level.contains(share))
    }

    @Test func `Benjamini-Hochberg keeps the share of false discoveries`() {
        var shares = 0.0
        for simulation in 0..<600 {
            var generator = SplitMix64(seed: Seed.derive(8, UInt64(simulation)))
            // Half of the twenty hypotheses are false by three standard errors.
            let pValues = (0..<20).map { i in 2 * Normal.survival(abs(generator.gaussian() + (i < 10 ? 3 : 0))) }
            let found = MultipleTesting.benjaminiHochberg(pValues).indices(where: { $0 <= 0.1 })
            if !found.isEmpty { shares += Double(found.count { $0 >= 10 }) / Double(found.count) }
        }
        // True hypotheses are half of all, so the expected share is 5 %.
        #expect((0.035...0.065).contains(shares / 600))
    }

    @Test func `superior predictive ability`() {
        let share = rejections(300, seed: 9) { generator in
            let gains = (0..<4).map { _ in normal(&generator, 60) }
            return SuperiorPredictiveAbility.test(
                gains: gains, meanBlockLength: 1, replications: 200, seed: generator.next()
            ).consistent
        }
        // Three standard errors of 300 simulations, and as much for the probability's own 200 replications.
        #expect((0.01...0.1).contains(share))
    }
}

extension Array {
    fileprivate func indices(where isIncluded: (Element) -> Bool) -> [Int] { self.indices.filter { isIncluded(self[$0]) } }
}
