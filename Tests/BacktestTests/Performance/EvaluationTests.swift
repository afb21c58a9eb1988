import Backtest
import Diagnostics
import Foundation
import MarketData
import Statistics
import Testing

/// Metrics of every profile and inference on Sharpe ratios, against the libraries themselves.
@Suite struct EvaluationTests {
    let reference: EvaluationReference

    init() throws { reference = try EvaluationReference.load() }

    @Test func `every profile has its library's numbers, on random series and on those at the edge`() throws {
        #expect(reference.metrics.count == 33)
        for row in reference.metrics {
            let profile = try #require(Convention(rawValue: row.profile))
            let performance = try Performance(returns: row.returns, profile: profile)
            #expect(performance.profile == profile)
            for (name, number) in row.values.sorted(by: { $0.key < $1.key }) {
                let found = try #require(performance[MetricName(named: name)])
                let value = number.value
                // Over a deviation of nothing only quantstats divides: the others' infinities are NaN here.
                let expected = value.isInfinite && profile != .quantstats ? .nan : value
                let matches = expected.isFinite ? abs(found - expected) < 1e-9 * max(1, abs(expected)) : found == expected
                #expect(matches || found.isNaN && expected.isNaN, "\(row.case) \(row.profile) \(name): \(found), not \(value)")
            }
        }
    }

    @Test func `quantstats takes an annual risk-free rate and leaves it out of Sharpe and Sortino`() throws {
        let returns = try #require(reference.metrics.first { $0.case == "normal" }).returns
        let performance = try Performance(returns: returns, profile: .quantstats, riskFree: reference.riskFree.annual)
        #expect(abs(performance.sharpe - reference.riskFree.sharpe) < 1e-9)
        #expect(abs(performance.sortino - reference.riskFree.sortino) < 1e-9)
        let plain = try Performance(returns: returns, profile: .quantstats)
        let probability = SharpeInference.probabilistic(
            sharpe: plain.sharpePerPeriod, skew: plain.skew, kurtosis: plain.kurtosis, periods: returns.count)
        #expect(abs(probability - reference.riskFree.probabilistic) < 1e-9)
    }

    @Test func `a year has 238 days in Qlib, or as many as are given`() throws {
        #expect(try Performance(returns: [0.01, 0.03], profile: .qlib).annualReturn == 0.02 * 238)
        #expect(try Performance(returns: [0.01, 0.03], periodsPerYear: 50, profile: .qlib).annualReturn == 0.02 * 50)
    }

    @Test func `Sharpe differences match Memmel's formula and a regression with the HAC variance`() {
        let data = reference.difference
        let memmel = SharpeDifference.memmel(data.x, data.y)
        #expect(abs(memmel.difference - data.difference) < 1e-12 && abs(memmel.standardError - data.memmel) < 1e-12)
        let robust = SharpeDifference.ledoitWolf(data.x, data.y, lags: data.lags)
        // The gradient there is found by differences.
        #expect(abs(robust.standardError / data.ledoitWolf - 1) < 1e-7)
        #expect(abs(robust.pValue - 2 * Normal.survival(abs(data.difference / data.ledoitWolf))) < 1e-7)
        let resampled = SharpeDifference.ledoitWolfBootstrap(data.x, data.y, replications: 2000, seed: 3)
        #expect(resampled.difference == robust.difference && abs(resampled.pValue - robust.pValue) < 0.1)
        #expect(resampled == SharpeDifference.ledoitWolfBootstrap(data.x, data.y, replications: 2000, seed: 3))
        #expect(SharpeDifference.memmel([1, 2], [1]).pValue.isNaN && SharpeDifference.ledoitWolf([1, 1], [1, 2]).pValue.isNaN)
        #expect(SharpeDifference.ledoitWolfBootstrap([1, 1, 1, 1, 1, 1], [1, 2, 3, 1, 2, 3], seed: 1).pValue.isNaN)
    }

    @Test func `overfitting matches a walk through all splits`() throws {
        let data = reference.overfitting
        let result = try OverfittingProbability(returns: data.trials, blocks: data.blocks)
        #expect(result.splits == 70)
        #expect(abs(result.probability - data.probability) < 1e-12 && abs(result.lossProbability - data.loss) < 1e-12)
        #expect(abs(result.slope - data.slope) < 1e-9)
        for (found, expected) in zip(result.logits.sorted(), data.logits) { #expect(abs(found - expected) < 1e-12) }
    }

    @Test func `overfitting refuses trials it cannot compare`() {
        func code(_ returns: [[Double]], _ blocks: Int) -> String? {
            do throws(BacktestError) { _ = try OverfittingProbability(returns: returns, blocks: blocks) } catch {
                return error.code
            }
            return nil
        }
        let good = [[Double](repeating: 0.1, count: 40), [Double](repeating: 0.2, count: 40)]
        #expect(code(good, 4) == nil)
        #expect(code([], 4) == "E_TRIALS_SHAPE" && code([good[0]], 4) == "E_TRIALS_SHAPE")
        #expect(code(good, 5) == "E_TRIALS_SHAPE" && code(good, 0) == "E_TRIALS_SHAPE" && code(good, 22) == "E_TRIALS_SHAPE")
        #expect(code(good, 40) == "E_TRIALS_SHAPE" && code([good[0], [1]], 4) == "E_TRIALS_SHAPE")
        #expect(code([good[0], [Double](repeating: .nan, count: 40)], 4) == "E_RETURNS_NOT_FINITE")
    }

    @Test func `a trial with an edge in every block is no overfitting, and one that only fits the past is`() throws {
        var generator = SplitMix64(seed: 6)
        var trials = (0..<20).map { _ in (0..<320).map { _ in generator.gaussian() } }
        trials[7] = trials[7].map { $0 + 1 }
        let skilled = try OverfittingProbability(returns: trials)
        #expect(skilled.splits == 12_870 && skilled.probability == 0 && skilled.lossProbability == 0)
        // What wins on one half pays for it on the other: every trial's mean is the same over all periods.
        let zeroSum = trials.map { trial in
            let mean = Moments(trial).mean
            return trial.map { $0 - mean }
        }
        #expect(try OverfittingProbability(returns: zeroSum).probability > 0.9)
    }

    @Test func `trials that move together are one idea`() throws {
        var generator = SplitMix64(seed: 21)
        let ideas = (0..<3).map { _ in (0..<400).map { _ in 0.01 * generator.gaussian() } }
        let trials = (0..<30).map { i in ideas[i % 3].map { $0 + 0.002 * generator.gaussian() } }
        let effective = try EffectiveTrials(returns: trials)
        #expect(effective.trials == 30 && effective.count == 3 && effective.clusters == (0..<30).map { $0 % 3 })
        #expect(effective.clusterSharpes.count == 3 && (5.0...25).contains(effective.byMeanCorrelation))
        let deflated = try DeflatedSharpe(returns: trials)
        #expect(deflated.trials == 30 && deflated.effectiveTrials == 3)
        #expect(
            deflated.best
                == trials.indices.max {
                    SharpeInference.sharpe(of: Moments(trials[$0])) < SharpeInference.sharpe(of: Moments(trials[$1]))
                })
        #expect((0...1).contains(deflated.raw) && (0...1).contains(deflated.effective))
        // Trials that share nothing are as many ideas as trials.
        let apart = (0..<12).map { _ in (0..<300).map { _ in generator.gaussian() } }
        #expect(try EffectiveTrials(returns: apart).count == 12)
        let same = try DeflatedSharpe(returns: [ideas[0], ideas[0], ideas[0]])
        let alone = SharpeInference.deflatedSharpe(
            sharpePerPeriod: SharpeInference.sharpe(of: Moments(ideas[0])), skew: Moments(ideas[0]).skewness,
            kurtosis: Moments(ideas[0]).kurtosis, periods: 400, trialSharpesPerPeriod: [0])
        #expect(same.effectiveTrials == 1 && same.effective == alone)
        #expect(throws: BacktestError.self) { try EffectiveTrials(returns: []) }
    }

    @Test func `a benchmark explains as much as empyrical says`() throws {
        let data = reference.difference
        let found = try BenchmarkComparison(returns: data.x, benchmark: data.y)
        let values = [
            "beta": found.beta, "alpha": found.alpha, "informationRatio": found.informationRatio,
            "trackingError": found.trackingError, "correlation": found.correlation,
        ]
        #expect(reference.benchmark.count == 5)
        for (name, expected) in reference.benchmark { #expect(abs(try #require(values[name]) - expected) < 1e-9, "\(name)") }
        #expect(throws: BacktestError.self) { try BenchmarkComparison(returns: [1], benchmark: [1, 2]) }
        let flat = try BenchmarkComparison(returns: [0.1, 0.2], benchmark: [0.1, 0.1])
        #expect(flat.beta.isNaN && flat.alpha.isNaN)
    }

    @Test func `every grouping of the trades adds up to the gain`() throws {
        var generator = SplitMix64(seed: 12)
        let series = try ["B", "A"].map { symbol in
            try Universes.picked(Markets.random(&generator, count: 90), Array(0..<90), symbol: symbol)
        }
        let universe = try Universe(series)
        let allocation = try Allocation(
            signals: series.map { _ in Markets.targets(&generator, count: 90) }, universe: universe)
        let run = try Portfolio.run(universe, allocation, limits: Limits(stopLoss: 0.02))
        let attribution = Attribution(run.trades, regimes: (0..<90).map { $0 < 45 ? "calm" : "wild" })
        let gain = run.equity[89] - run.initialCapital
        for parts in [
            attribution.bySymbol, attribution.bySide, attribution.byMonth, attribution.byExit, attribution.byRegime,
        ] {
            #expect(abs(parts.reduce(0) { $0 + $1.pnl } - gain) < 1e-6 && parts.reduce(0) { $0 + $1.trades } == run.trades.count)
            #expect(parts.count > 1)
        }
        #expect(
            attribution.bySymbol.map(\.name) == ["A", "B"]
                && attribution.byMonth.map(\.name) == ["2000-01", "2000-02", "2000-03"])
        #expect(Attribution(run.trades).byRegime.isEmpty)
    }

    @Test func `resampled runs spread around the one there was`() throws {
        let returns = try #require(reference.metrics.first { $0.case == "normal" }).returns
        let resampled = try ResampledPerformance(returns: returns, replications: 400, seed: 2)
        let whole = SweepResult(returns: returns)
        let performance = try Performance(returns: returns)
        #expect(whole.sharpe == performance.sharpe && whole.totalReturn == performance.totalReturn)
        #expect(whole.maxDrawdown == performance.maxDrawdown)
        #expect(
            resampled.interval { $0.sharpe }.contains(whole.sharpe)
                && resampled.interval { $0.totalReturn }.contains(whole.totalReturn))
        // The standard error of an annual Sharpe ratio from 300 days is near √(252/300).
        let spread = Moments(resampled.results.map(\.sharpe)).standardDeviation()
        #expect((0.7...1.15).contains(spread))
        #expect(try resampled == ResampledPerformance(returns: returns, replications: 400, seed: 2))
        #expect(throws: BacktestError.self) { try ResampledPerformance(returns: [.nan], seed: 1) }
        let run = try Engine.run(
            bars: Markets.flat((0..<60).map { 100 + Double($0 % 7) }), targets: (0..<60).map { Double($0 / 5 % 2) })
        let trades = ResampledPerformance(trades: run.trades, initialCapital: run.initialCapital, replications: 50, seed: 1)
        #expect(
            trades.results.count == 50 && trades.interval { $0.totalReturn }.lower <= trades.interval { $0.totalReturn }.upper)
    }

    @Test func `windows tell how even a result is`() throws {
        let windows = try [[0.01, 0.02], [-0.01, -0.03], [0.02, -0.01], [0.0, 0.0]].map { try Performance(returns: $0) }
        let consistency = WindowConsistency(windows)
        #expect(consistency.winningShare == 0.5)
        #expect(consistency.sharpeDeviation == Moments(windows.prefix(3).map(\.sharpe)).standardDeviation())
        #expect(WindowConsistency([]).winningShare.isNaN)
    }
}
