import Backtest
import MarketData
import Statistics
import Testing

/// What holds for every run, on seeded random markets, targets, costs and limits.
@Suite struct EnginePropertyTests {
    @Test func `trades add up to the gain, commissions to what was paid, returns to equity`() throws {
        var reasons: Set<ExitReason> = []
        for seed in 0..<4000 {
            var generator = SplitMix64(seed: Seed.derive(1, UInt64(seed)))
            let volatility = [0.002, 0.02, 0.15][seed % 3]
            let bars = try Markets.random(&generator, count: 60, volatility: volatility)
            let targets = Markets.targets(&generator, count: 60)
            let (costs, limits) = Markets.rules(&generator)
            let result = try Engine.run(bars: bars, targets: targets, costs: costs, limits: limits)

            let gain = result.equity[59] - result.initialCapital
            let moved = result.turnover * (result.equity.max() ?? 0) + result.initialCapital
            // Rounding: a few dozen additions of money no larger than what was moved.
            let tolerance = 1e-13 * moved
            #expect(abs(result.trades.reduce(0) { $0 + $1.pnl } - gain) < tolerance, "seed \(seed)")
            #expect(abs(result.trades.reduce(0) { $0 + $1.commission } - result.commissionPaid) < tolerance, "seed \(seed)")
            var equity = result.initialCapital
            for i in 0..<60 {
                equity *= 1 + result.returns[i]
                #expect(abs(equity - result.equity[i]) < 1e-11 * abs(result.equity[i]) + 1e-6, "seed \(seed) bar \(i)")
            }
            for trade in result.trades {
                #expect(trade.entryIndex >= 1 && trade.entryIndex <= trade.exitIndex && trade.shares > 0, "seed \(seed)")
                reasons.insert(trade.exitReason)
            }
            #expect(result.trades.dropLast().allSatisfy { !$0.isOpenAtEnd })
            if let halted = result.halted {
                #expect(result.positions[(halted + 1)...].allSatisfy { $0 == 0 }, "seed \(seed)")
            }
        }
        // The cases reach every way a trade can end without orders and margin.
        #expect(reasons == Set(ExitReason.allCases).subtracting([.order, .takeProfit, .liquidation, .delisting]))
    }

    @Test func `nothing at or before a bar depends on what comes after it`() throws {
        for seed in 0..<600 {
            var generator = SplitMix64(seed: Seed.derive(2, UInt64(seed)))
            let count = 50
            let bars = try Markets.random(&generator, count: count)
            let targets = Markets.targets(&generator, count: count)
            let (costs, limits) = Markets.rules(&generator)
            let before = try Engine.run(bars: bars, targets: targets, costs: costs, limits: limits)

            let last = Int(generator.integer(below: UInt64(count - 1)))
            let other = try Markets.random(&generator, count: count)
            let mixed = try Bars(
                symbol: "TEST", time: bars.time, open: Array(bars.open[...last] + other.open[(last + 1)...]),
                high: Array(bars.high[...last] + other.high[(last + 1)...]),
                low: Array(bars.low[...last] + other.low[(last + 1)...]),
                close: Array(bars.close[...last] + other.close[(last + 1)...]),
                adjustedClose: Array(bars.close[...last] + other.close[(last + 1)...]), volume: bars.volume)
            // The target of the last unchanged bar may change too: it acts on the next one.
            let changed = Array(targets[..<last]) + Markets.targets(&generator, count: count - last)
            let after = try Engine.run(bars: mixed, targets: changed, costs: costs, limits: limits)

            #expect(before.equity[...last] == after.equity[...last], "seed \(seed)")
            #expect(before.returns[...last] == after.returns[...last], "seed \(seed)")
            #expect(before.positions[...last] == after.positions[...last], "seed \(seed)")
            let ended = { (result: BacktestResult) in result.trades.filter { $0.exitIndex <= last && !$0.isOpenAtEnd } }
            #expect(ended(before) == ended(after), "seed \(seed)")
            #expect(
                (before.halted ?? .max) > last ? (after.halted ?? .max) > last : before.halted == after.halted, "seed \(seed)")
        }
    }

    @Test func `a fill never takes the position beyond the cap`() throws {
        for seed in 0..<500 {
            var generator = SplitMix64(seed: Seed.derive(3, UInt64(seed)))
            // Bars that do not move after the open show the position as it was filled.
            let prices = try Markets.random(&generator, count: 40).close
            let targets = Markets.targets(&generator, count: 40)
            var (costs, limits) = Markets.rules(&generator)
            limits.stopLoss = nil
            costs.commission *= 3
            let result = try Engine.run(bars: Markets.flat(prices), targets: targets, costs: costs, limits: limits)
            var target = 0.0
            for i in 1..<40 where (result.halted ?? .max) >= i {
                let wanted = min(max(targets[i - 1], -limits.maxPosition), limits.maxPosition)
                if wanted != target, result.equity[i] > 0 {
                    #expect(abs(result.positions[i] - wanted) < 1e-12, "seed \(seed) bar \(i)")
                }
                target = wanted
            }
        }
    }

    @Test func `the same run twice is the same to the last bit`() throws {
        var generator = SplitMix64(seed: 9)
        let bars = try Markets.random(&generator, count: 500)
        let targets = Markets.targets(&generator, count: 500)
        let (costs, limits) = Markets.rules(&generator)
        let one = try Engine.run(bars: bars, targets: targets, costs: costs, limits: limits)
        #expect(one == (try Engine.run(bars: bars, targets: targets, costs: costs, limits: limits)))
    }

    @Test func `runs match an independent engine in Python`() throws {
        let reference = try Reference.load()
        #expect(reference.scenarios.count == 5)
        for (number, scenario) in reference.scenarios.enumerated() {
            let result = try Engine.run(
                bars: Markets.bars(scenario.bars), targets: scenario.targets,
                costs: Costs(commission: scenario.commission, slippage: scenario.slippage),
                limits: Limits(
                    maxPosition: scenario.maxPosition, maxDrawdown: scenario.maxDrawdown, stopLoss: scenario.stopLoss))
            let expected = scenario.result
            for i in expected.equity.indices {
                // Positions there are found by bisection, to about 1e-9 shares.
                #expect(abs(result.equity[i] - expected.equity[i]) < 1e-6, "scenario \(number) bar \(i)")
                #expect(abs(result.returns[i] - expected.returns[i]) < 1e-11, "scenario \(number) bar \(i)")
                #expect(abs(result.positions[i] - expected.positions[i]) < 1e-11, "scenario \(number) bar \(i)")
            }
            #expect(abs(result.commissionPaid - expected.commissionPaid) < 1e-6)
            #expect(result.halted == expected.halted)
            #expect(result.trades.map(\.exitReason.rawValue) == expected.trades.map(\.reason))
            #expect(result.trades.map(\.entryIndex) == expected.trades.map(\.entryIndex))
            #expect(result.trades.map(\.exitIndex) == expected.trades.map(\.exitIndex))
            #expect(result.trades.map { $0.side == .long ? 1 : -1 } == expected.trades.map(\.side))
            for (a, b) in zip(result.trades, expected.trades) {
                #expect(abs(a.pnl - b.pnl) < 1e-6 && abs(a.entryPrice - b.entryPrice) < 1e-9, "scenario \(number)")
            }
        }
    }
}
