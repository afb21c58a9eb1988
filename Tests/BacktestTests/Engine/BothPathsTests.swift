import Backtest
import MarketData
import Statistics
import Testing

/// The vectorised and the event-driven path on the same strategies: the same to the cent.
@Suite struct BothPathsTests {
    private func expectSame(_ one: BacktestResult, _ other: BacktestResult, _ what: String) {
        for i in one.equity.indices {
            #expect(abs(one.equity[i] - other.equity[i]) < 0.005, "\(what) bar \(i)")
            #expect(abs(one.positions[i] - other.positions[i]) < 1e-9, "\(what) bar \(i)")
        }
        #expect(one.fills == other.fills && one.halted == other.halted, "\(what)")
        #expect(abs(one.commissionPaid - other.commissionPaid) < 0.005, "\(what)")
        #expect(abs(one.financingPaid - other.financingPaid) < 0.005, "\(what)")
        #expect(one.trades.count == other.trades.count, "\(what)")
        for (a, b) in zip(one.trades, other.trades) {
            #expect(a.entryIndex == b.entryIndex && a.exitIndex == b.exitIndex && a.exitReason == b.exitReason, "\(what)")
            #expect(abs(a.pnl - b.pnl) < 0.005, "\(what)")
        }
    }

    @Test func `positions and orders for them agree under every cost and limit`() throws {
        var reasons: Set<ExitReason> = []
        var partial = 0
        for seed in 0..<3000 {
            var generator = SplitMix64(seed: Seed.derive(31, UInt64(seed)))
            let bars = try Markets.traded(&generator, count: 60, volatility: [0.004, 0.02, 0.12][seed % 3])
            let (costs, limits) = Markets.allRules(&generator)
            let targets = Markets.targets(&generator, count: 60).map { min(max($0, -limits.maxPosition), limits.maxPosition) }
            let prices = try PricedBars(bars)
            let vectorised = try Engine.run(prices, targets: targets, costs: costs, limits: limits)
            let path = BarPath.allCases[seed % 2]
            let driven = try Engine.run(
                prices, strategy: TargetFollower(targets: targets), costs: costs, limits: limits, path: path)
            // On a path that is not the adverse one the stop may come after a turn of the price, but it comes all the same.
            expectSame(vectorised, driven, "seed \(seed)")
            reasons.formUnion(vectorised.trades.map(\.exitReason))
            if limits.participation != nil { partial += vectorised.fills }
        }
        #expect(reasons == Set(ExitReason.allCases).subtracting([.order, .takeProfit, .delisting]) && partial > 1000)
    }

    @Test func `a stop loss as a limit and as a bracket of orders agree`() throws {
        var stops = 0
        for seed in 0..<1000 {
            var generator = SplitMix64(seed: Seed.derive(32, UInt64(seed)))
            let bars = try Markets.traded(&generator, count: 60)
            var (costs, limits) = Markets.allRules(&generator)
            // What the limits close may take any volume, an order may not, and liquidation would cancel the bracket.
            (limits.participation, limits.maintenanceMargin, limits.stopLoss) = (nil, nil, 0.01 + 0.05 * generator.uniform())
            costs.volumeImpact = 0
            let targets = Markets.targets(&generator, count: 60).map { min(max($0, -limits.maxPosition), limits.maxPosition) }
            let prices = try PricedBars(bars)
            let vectorised = try Engine.run(prices, targets: targets, costs: costs, limits: limits)
            let follower = TargetFollower(targets: targets, bracket: Bracket(stopLoss: limits.stopLoss))
            limits.stopLoss = nil
            expectSame(
                vectorised, try Engine.run(prices, strategy: follower, costs: costs, limits: limits), "seed \(seed)")
            stops += vectorised.trades.count { $0.exitReason == .stopLoss }
        }
        #expect(stops > 1000)
    }

    @Test func `trades, commissions and financing add up under every cost and limit`() throws {
        for seed in 0..<1000 {
            var generator = SplitMix64(seed: Seed.derive(33, UInt64(seed)))
            let bars = try Markets.traded(&generator, count: 50)
            let (costs, limits) = Markets.allRules(&generator)
            let targets = Markets.targets(&generator, count: 50)
            let result = try Engine.run(bars: bars, targets: targets, costs: costs, limits: limits)
            let gain = result.equity[49] - result.initialCapital
            #expect(abs(result.trades.reduce(0) { $0 + $1.pnl } - gain) < 1e-6, "seed \(seed)")
            #expect(abs(result.trades.reduce(0) { $0 + $1.commission } - result.commissionPaid) < 1e-6, "seed \(seed)")
        }
    }

    @Test func `held stretches are the same to the last bit as bar by bar`() throws {
        for seed in 0..<300 {
            var generator = SplitMix64(seed: Seed.derive(34, UInt64(seed)))
            let bars = try Markets.traded(&generator, count: 80, volatility: [0.01, 0.3][seed % 2])
            let targets = Markets.targets(&generator, count: 80)
            let costs = Costs(commission: 0.001, slippage: 0.0005)
            let quick = try Engine.run(bars: bars, targets: targets, costs: costs, limits: Limits(maxPosition: 3))
            // A drawdown limit that is never reached makes the engine look at every bar.
            let slow = try Engine.run(bars: bars, targets: targets, costs: costs, limits: Limits(maxPosition: 3, maxDrawdown: 1))
            if slow.halted == nil || quick.halted == slow.halted { #expect(quick == slow, "seed \(seed)") }
        }
    }
}
