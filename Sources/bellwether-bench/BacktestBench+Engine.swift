import Backtest
import Foundation
import MarketData
import Statistics

extension BacktestBench {
    /// All pairs of moving averages of 2 to 100 bars, on two threads.
    func grid() throws {
        let prices = try PricedBars(Self.market(2_148))
        let costs = Costs(commission: 0.001, slippage: 0.0005)
        let grid = CrossGrid(prices, periods: 2...100, costs: costs)
        let count = grid.pairs.count
        try Self.check(count == 4_851, "there are \(count) pairs")
        let all = try grid.results(0..<count)
        for place in stride(from: 0, to: count, by: 37) {
            let pair = grid.pairs[place]
            let rule = RuleStrategy.movingAverageCross(fast: pair.fast, slow: pair.slow, short: false)
            let run = try Engine.run(bars: prices.bars, targets: rule.targets(bars: prices.bars), costs: costs)
            let whole = try Performance(run)
            try Self.check(
                all[place].sharpe == whole.sharpe && all[place].totalReturn == whole.totalReturn
                    && all[place].maxDrawdown == whole.maxDrawdown, "the pair \(pair) is not that of a single run")
        }
        let half = count / 2
        let seconds = best(of: 5) {
            // The averages are part of the work.
            let grid = CrossGrid(prices, periods: 2...100, costs: costs)
            DispatchQueue.concurrentPerform(iterations: 2) { part in
                let results = try? grid.results(part == 0 ? 0..<half : half..<count)
                precondition(results?.count == (part == 0 ? half : count - half))
            }
        }
        report("backtest.grid.combos_per_s", Double(count) / seconds, "1/s", ("seconds", seconds))
    }

    /// The days of the S&P 500 from 1999 to 2018.
    private static let twentyYears = 5_030

    /// A position that changes every 500 bars.
    func sparse() throws {
        let count = Self.twentyYears
        let prices = try PricedBars(Self.market(count))
        let targets = (0..<count).map { [0, 1, 0.5, -1][$0 / 500 % 4] }
        let costs = Costs(commission: 0.001, slippage: 0.0005)
        // A drawdown limit that is never reached makes the engine look at every bar.
        let slow = try Engine.run(prices, targets: targets, costs: costs, limits: Limits(maxDrawdown: 1))
        let quick = try Engine.run(prices, targets: targets, costs: costs)
        try Self.check(quick == slow, "skipping bars changes the result")
        let seconds = try best(of: 400) { _ = try Engine.run(prices, targets: targets, costs: costs) }
        report("backtest.sparse.bars_per_s", Double(count) / seconds, "1/s", ("fills", Double(quick.fills)))
    }

    /// A position that changes at every bar.
    func dense() throws {
        let count = Self.twentyYears
        let prices = try PricedBars(Self.market(count))
        let targets = (0..<count).map { $0.isMultiple(of: 2) ? 0.5 : 0.0 }
        let run = try Engine.run(prices, targets: targets, costs: Costs(commission: 1e-6))
        try Self.check(run.fills == count - 1, "\(run.fills) fills")
        let gain = run.trades.reduce(0) { $0 + $1.pnl }
        try Self.check(abs(gain - (run.equity[count - 1] - run.initialCapital)) < 0.005, "trades do not add up")
        let seconds = try best(of: 200) { _ = try Engine.run(prices, targets: targets, costs: Costs(commission: 1e-6)) }
        report("backtest.dense.fills_per_s", Double(run.fills) / seconds, "1/s", ("trades", Double(run.trades.count)))
    }

    /// The same with every fill in the hash-chained log.
    func logged() throws {
        let count = Self.twentyYears
        let prices = try PricedBars(Self.market(count))
        let targets = (0..<count).map { $0.isMultiple(of: 2) ? 0.5 : 0.0 }
        func run() throws -> (BacktestResult, TradeLog) {
            let log = TradeLog(initialCapital: 100_000)
            log.reserve(count)
            return (try Engine.run(prices, targets: targets, costs: Costs(commission: 1e-6), log: log), log)
        }
        let (result, log) = try run()
        let replay = try TradeReplay(log.bytes)
        try Self.check(replay.fills == result.fills, "the log has \(replay.fills) fills")
        let equity = replay.equity(over: prices.bars)
        try Self.check(zip(equity, result.equity).allSatisfy { abs($0 - $1) < 0.005 }, "the log leads elsewhere")
        let seconds = try best(of: 100) { _ = try run() }
        report("backtest.logged.fills_per_s", Double(result.fills) / seconds, "1/s", ("bytes", Double(log.bytes.count)))
    }

    /// A strategy that always has ten orders live.
    func events() throws {
        let count = 100_000
        let prices = try PricedBars(Self.market(count))
        let targets = (0..<count).map { [0, 1, 0.5, -1][$0 / 7 % 4] }
        let vectorised = try Engine.run(prices, targets: targets, costs: Costs(commission: 1e-5))
        let driven = try Engine.run(prices, strategy: TargetFollower(targets: targets), costs: Costs(commission: 1e-5))
        try Self.check(vectorised.equity == driven.equity, "the two paths differ")
        let limits = Limits(maxPosition: 4)
        let ladder = try Engine.run(prices, strategy: Ladder(), limits: limits)
        try Self.check(ladder.fills > 1000, "\(ladder.fills) fills")
        let seconds = try best(of: 5) { _ = try Engine.run(prices, strategy: Ladder(), limits: limits) }
        report("backtest.events.bars_per_s", Double(count) / seconds, "1/s", ("fills", Double(ladder.fills)))
    }

    /// CSCV with 16 blocks over 1,000 trials of 2,500 days.
    func overfitting() throws {
        var generator = SplitMix64(seed: 8)
        let trials = (0..<1_000).map { _ in (0..<2_500).map { _ in 0.01 * generator.gaussian() } }
        let result = try OverfittingProbability(returns: trials)
        try Self.check(result.splits == 12_870 && (0.2...0.8).contains(result.probability), "PBO is \(result.probability)")
        let seconds = try best(of: 3) { _ = try OverfittingProbability(returns: trials) }
        report("pbo.thousand_s", seconds, "s", ("probability", result.probability))
    }

    /// A rule over a year of twelve windows, each run and measured by itself and the returns stitched.
    func walkForward() throws {
        let prices = try PricedBars(Self.market(756 + 252))
        let rule = RuleStrategy.movingAverageCross(fast: 10, slow: 50, short: true)
        let windows = try WalkForward(train: 756, test: 21).windows(bars: prices.count)
        try Self.check(windows.count == 12, "there are \(windows.count) windows")
        func run() throws -> Performance {
            var returns: [Double] = []
            for window in windows {
                let first = window.test.lowerBound - rule.lookback
                let targets = try rule.targets(bars: prices.bars.slice(first..<window.test.upperBound))
                let result = try Engine.run(
                    bars: prices.bars.slice(window.test), targets: Array(targets[rule.lookback...]))
                _ = try Performance(result)
                returns += result.returns
            }
            return try Performance(returns: returns)
        }
        try Self.check(try run().periods == 252, "the windows do not fill the year")
        let seconds = try best(of: 20) { _ = try run() }
        report("walkforward.year_ms", seconds * 1000, "ms", ("windows", 12))
    }

    /// Four shocks to ten years of one series.
    func stress() throws {
        let market = [try PricedBars(Self.market(2_520))]
        let rule = RuleStrategy.movingAverageCross(fast: 10, slow: 50, short: true)
        let shocks = Array(Shock.suite.filter { $0.name != "correlation" })
        func run() throws -> StressReport {
            try StressReport(market: market, costs: Costs(commission: 0.001), shocks: shocks, seed: 1) {
                market, costs throws(BacktestError) in
                try Engine.run(market[0], targets: rule.targets(bars: market[0].bars), costs: costs)
            }
        }
        try Self.check(try run().outcomes.count == 4 && run().resilience == run().resilience, "shocks are not the same each time")
        let seconds = try best(of: 20) { _ = try run() }
        report("stress.four_ms", seconds * 1000, "ms", ("bars", 2_520))
    }

    /// 14 features of 800 assets over 3,250 days, on one core.
    func features() throws {
        let names = try FeatureName.parse([
            "return_1", "return_5", "rsi_14", "macd", "atr_14", "volatility_21", "bollinger_20", "zscore_50", "momentum_20",
            "sma_ratio_200", "volume_ratio_20", "stochastic_14", "drawdown_60", "parkinson_20",
        ])
        let assets = try (0..<800).map { try Self.market(3_250, seed: UInt64($0), symbol: "A\($0)") }
        let first = FeatureMatrix.compute(names, of: assets[0])
        try Self.check(
            first.rows == 3_250 && first.isComplete(3_249) && !first.isComplete(100), "features are not where they have to be")
        let seconds = best(of: 2) { for bars in assets { _ = FeatureMatrix.compute(names, of: bars) } }
        report("features.panel_s", seconds, "s", ("values", Double(names.count * 800 * 3_250)))
    }

    /// One run and its metrics: what a process does before its first result.
    static func first() throws {
        let prices = try PricedBars(market(2_148))
        let rule = RuleStrategy.movingAverageCross(fast: 10, slow: 50, short: false)
        let performance = try Performance(Engine.run(prices, targets: rule.targets(bars: prices.bars)))
        print(performance.sharpe)
    }
}

/// Five buy limits below the market and five sell limits above it; what is filled is placed anew.
private struct Ladder: OrderStrategy {
    mutating func decide(_ desk: inout Desk) throws(BacktestError) {
        var step = desk.liveOrders
        while step < 10 {
            let distance = 0.02 + 0.01 * Double(step / 2)
            let isBuy = desk.position < 0 || desk.position == 0 && step.isMultiple(of: 2)
            try desk.place(
                Order(.limit(desk.close() * (isBuy ? 1 - distance : 1 + distance)), .shares(isBuy ? 10 : -10), bars: 250))
            step += 1
        }
    }
}
