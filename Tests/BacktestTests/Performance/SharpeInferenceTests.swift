import Backtest
import Testing

/// The worked examples of Bailey and López de Prado's papers and of mlfinlab.
@Suite struct SharpeInferenceTests {
    @Test func `mlfinlab's examples`() {
        // Its five decimals are cut off, not rounded.
        #expect(abs(SharpeInference.probabilistic(sharpe: 1.14, benchmark: 1, periods: 250) - 0.95727) < 1e-5)
        let trials = [3.5, 1.01, 1.02]
        // Its trials' variance has ddof 0, and the chosen one is not among them.
        let deflated = SharpeInference.deflatedSharpe(
            sharpePerPeriod: 1.14, skew: 0, kurtosis: 3, periods: 250, trialSharpesPerPeriod: trials, ddof: 0)
        #expect(abs(deflated - 0.95836) < 1e-5)
        let strict = SharpeInference.deflatedSharpe(
            sharpePerPeriod: 1.14, skew: 0, kurtosis: 3, periods: 250, trialSharpesPerPeriod: trials)
        #expect(abs(strict - 0.15238) < 1e-5)
        #expect(abs(SharpeInference.minimumTrackRecord(sharpe: 1.14, benchmark: 1) - 228.73497) < 1e-5)
    }

    @Test func `the deflated Sharpe ratio's paper`() {
        // An annual Sharpe ratio of 2.5 over five years of 250 days; the trials' annual variance is one half.
        let sharpe = 2.5 / 250.0.squareRoot()
        let variance = 0.5 / 250
        let best = SharpeInference.expectedMaximum(variance: variance, trials: 100)
        #expect(abs(best - 0.113172) < 5e-7)
        func deflated(_ trials: Int, _ skew: Double, _ kurtosis: Double) -> Double {
            SharpeInference.probabilistic(
                sharpe: sharpe, benchmark: SharpeInference.expectedMaximum(variance: variance, trials: trials), skew: skew,
                kurtosis: kurtosis, periods: 1250)
        }
        #expect(abs(deflated(100, -3, 10) - 0.900397) < 5e-7)
        #expect(abs(deflated(46, -3, 10) - 0.950502) < 5e-7)
        #expect(abs(deflated(88, 0, 3) - 0.950491) < 5e-7)
    }

    @Test func `the probabilistic Sharpe ratio's paper`() {
        #expect(abs(SharpeInference.probabilistic(sharpe: 0.458, periods: 24) - 0.98167) < 3e-5)
        #expect(abs(SharpeInference.probabilistic(sharpe: 0.458, skew: -2.448, kurtosis: 10.164, periods: 24) - 0.91336) < 3e-5)
    }

    @Test func `the shortest backtest that 45 trials cannot fool`() {
        #expect(abs(SharpeInference.expectedMaximum(variance: 1, trials: 45) - 2.2356) < 5e-5)
        #expect(abs(SharpeInference.minimumBacktestYears(trials: 45) - 5.0) < 0.005)
    }

    @Test func `every trial counts, and one trial deflates nothing`() {
        let plain = SharpeInference.probabilistic(sharpe: 0.1, skew: -0.5, kurtosis: 5, periods: 500)
        func deflated(_ trials: [Double]) -> Double {
            SharpeInference.deflatedSharpe(
                sharpePerPeriod: 0.1, skew: -0.5, kurtosis: 5, periods: 500, trialSharpesPerPeriod: trials)
        }
        #expect(deflated([0.1]) == plain)
        let two = deflated([0.1, 0.05])
        #expect(two < plain)
        // A trial that failed has no Sharpe ratio and still was a trial.
        #expect(deflated([0.1, 0.05, .nan]) < two)
        let counted = SharpeInference.deflatedSharpe(
            sharpePerPeriod: 0.1, skew: -0.5, kurtosis: 5, periods: 500, trialSharpesPerPeriod: [0.1, 0.05], trials: 3)
        #expect(counted == deflated([0.1, 0.05, .nan]))
        #expect(deflated([0.1, .nan]).isNaN && deflated([]).isNaN)
    }

    @Test func `too short a record has no standard error`() {
        #expect(SharpeInference.standardError(sharpe: 0.1, periods: 1).isNaN)
        #expect(abs(SharpeInference.standardError(sharpe: 0, periods: 101) - 0.1) < 1e-15)
        #expect(SharpeInference.minimumTrackRecord(sharpe: 0.1, benchmark: 0.1) == .infinity)
        #expect(SharpeInference.minimumTrackRecord(sharpe: .nan).isNaN)
        #expect(SharpeInference.expectedMaximum(variance: 1, trials: 0).isNaN)
        #expect(SharpeInference.expectedMaximum(variance: 1, trials: 1_000_000_000_000).isFinite)
    }
}
