import Backtest
import MarketData
import Statistics
import Testing

/// Portfolios of seeded random markets, signals, sizings, costs and limits: what holds for all of them.
@Suite struct PortfolioPathsTests {
    private func expectSame(_ one: BacktestResult, _ other: BacktestResult, _ what: String) {
        for i in one.equity.indices {
            #expect(abs(one.equity[i] - other.equity[i]) < 0.005, "\(what) bar \(i)")
            #expect(abs(one.positions[i] - other.positions[i]) < 1e-6, "\(what) bar \(i)")
        }
        #expect(one.fills == other.fills && one.halted == other.halted, "\(what)")
        #expect(abs(one.commissionPaid - other.commissionPaid) < 0.005, "\(what)")
        #expect(abs(one.financingPaid - other.financingPaid) < 0.005, "\(what)")
        #expect(one.trades.count == other.trades.count, "\(what)")
        for (a, b) in zip(one.trades, other.trades) {
            #expect(a.symbol == b.symbol && a.entryIndex == b.entryIndex && a.exitIndex == b.exitIndex, "\(what)")
            #expect(a.exitReason == b.exitReason && abs(a.pnl - b.pnl) < 0.005, "\(what)")
        }
    }

    @Test func `weights and orders for them agree to the cent under every sizing, cost and limit`() throws {
        var reasons: Set<ExitReason> = []
        var several = 0
        for seed in 0..<3000 {
            var generator = SplitMix64(seed: Seed.derive(41, UInt64(seed)))
            let market = try Universes(&generator, count: 50, volatility: [0.004, 0.02, 0.12][seed % 3])
            let (costs, limits) = Universes.rules(&generator)
            let allocation = try Allocation(
                signals: market.signals, universe: market.universe, sizing: market.sizing, limits: limits)
            let vectorised = try Portfolio.run(market.universe, allocation, costs: costs, limits: limits)
            let driven = try Portfolio.run(
                market.universe, strategy: AllocationFollower(allocation), costs: costs, limits: limits,
                path: BarPath.allCases[seed % 2])
            expectSame(vectorised, driven, "seed \(seed)")
            reasons.formUnion(vectorised.trades.map(\.exitReason))
            if market.bars.count > 1 { several += vectorised.fills }
        }
        #expect(reasons == Set(ExitReason.allCases).subtracting([.order, .takeProfit]) && several > 10_000)
    }

    @Test func `one series in a portfolio is the engine's run, to the last bit`() throws {
        for seed in 0..<1500 {
            var generator = SplitMix64(seed: Seed.derive(42, UInt64(seed)))
            let bars = try Markets.traded(&generator, count: 60, volatility: [0.004, 0.02, 0.12][seed % 3])
            let (costs, limits) = Markets.allRules(&generator)
            let targets = Markets.targets(&generator, count: 60)
            let alone = try Engine.run(bars: bars, targets: targets, costs: costs, limits: limits)
            let universe = try Universe([bars])
            let allocation = try Allocation(
                signals: [targets], universe: universe, sizing: Sizing(.fixed(size: 1)), limits: limits)
            let pooled = try Portfolio.run(universe, allocation, costs: costs, limits: limits)
            #expect(pooled.equity == alone.equity && pooled.returns == alone.returns, "seed \(seed)")
            #expect(pooled.positions == alone.positions && pooled.trades == alone.trades, "seed \(seed)")
            #expect(pooled.fills == alone.fills && pooled.turnover == alone.turnover, "seed \(seed)")
            #expect(pooled.commissionPaid == alone.commissionPaid && pooled.halted == alone.halted, "seed \(seed)")
        }
    }

    @Test func `trades, commissions and financing add up, and limits hold at every fill`() throws {
        for seed in 0..<1000 {
            var generator = SplitMix64(seed: Seed.derive(43, UInt64(seed)))
            let market = try Universes(&generator, count: 50)
            let (costs, limits) = Universes.rules(&generator)
            let allocation = try Allocation(
                signals: market.signals, universe: market.universe, sizing: market.sizing, limits: limits)
            let result = try Portfolio.run(market.universe, allocation, costs: costs, limits: limits)
            let gain = (result.equity.last ?? 0) - 100_000
            #expect(abs(result.trades.reduce(0) { $0 + $1.pnl } - gain) < 1e-6, "seed \(seed)")
            #expect(abs(result.trades.reduce(0) { $0 + $1.commission } - result.commissionPaid) < 1e-6, "seed \(seed)")
            #expect(
                result.trades.allSatisfy {
                    result.times[$0.entryIndex] == $0.entryTime && result.times[$0.exitIndex] == $0.exitTime
                }, "seed \(seed)")
        }
    }

    @Test func `no fill takes all positions together beyond the gross limit`() throws {
        for seed in 0..<300 {
            var generator = SplitMix64(seed: Seed.derive(44, UInt64(seed)))
            // Bars that do not move after the open show the positions as they were filled.
            let count = 40
            let series = try (0..<3).map { number in
                try Markets.flat(Markets.random(&generator, count: count).close, symbol: "S\(number)")
            }
            let signals = series.map { _ in Markets.targets(&generator, count: count) }
            let universe = try Universe(series)
            let cap = 0.3 + 2 * generator.uniform()
            let limits = Limits(maxPosition: 1, maxGross: cap)
            let allocation = try Allocation(
                signals: signals, universe: universe, sizing: Sizing(.fixed(size: 1)), limits: limits)
            let log = TradeLog(initialCapital: 100_000)
            let result = try Portfolio.run(
                universe, allocation, costs: Costs(commission: 0.002, slippage: 0.001), limits: limits, log: log)
            var shares = [0.0, 0, 0]
            for record in try TradeReplay(log.bytes).records {
                guard case .fill(let number, let bar, _, let change, let price, _, _) = record else { continue }
                let grows = abs(shares[number] + change) > abs(shares[number])
                shares[number] += change
                // The other fills of this open only take from what is left.
                let gross = (0..<3).reduce(0) { $0 + abs(shares[$1]) * series[$1].open[bar] }
                #expect(!grows || gross <= cap * result.equity[bar] * 1.02 + price * 1e-6, "seed \(seed) bar \(bar)")
            }
        }
    }

    @Test func `nothing at or before a bar depends on what comes after it`() throws {
        for seed in 0..<400 {
            var generator = SplitMix64(seed: Seed.derive(45, UInt64(seed)))
            let market = try Universes(&generator, count: 40)
            let (costs, limits) = Universes.rules(&generator)
            let last = Int(generator.integer(below: UInt64(max(1, market.universe.count - 1))))
            let border = market.universe.times[last]
            var changed: [Bars] = []
            var signals = market.signals
            for (number, bars) in market.bars.enumerated() {
                let kept = bars.time.count { $0 <= border }
                let factor = (0..<bars.count).map { $0 < kept ? 1 : 0.7 + 0.6 * generator.uniform() }
                func scaled(_ column: [Double]) -> [Double] { zip(column, factor).map(*) }
                changed.append(
                    try Bars(
                        symbol: bars.symbol, time: bars.time, open: scaled(bars.open), high: scaled(bars.high),
                        low: scaled(bars.low), close: scaled(bars.close), adjustedClose: scaled(bars.adjustedClose),
                        volume: bars.volume))
                for place in kept..<max(kept, bars.count) { signals[number][place] = generator.uniform() }
            }
            func run(_ series: [Bars], _ signals: [[Double]]) throws -> BacktestResult {
                let universe = try Universe(series)
                let allocation = try Allocation(signals: signals, universe: universe, sizing: market.sizing, limits: limits)
                return try Portfolio.run(universe, allocation, costs: costs, limits: limits)
            }
            let before = try run(market.bars, market.signals), after = try run(changed, signals)
            #expect(before.equity[...last] == after.equity[...last], "seed \(seed)")
            #expect(before.positions[...last] == after.positions[...last], "seed \(seed)")
        }
    }

    @Test func `replaying the log gives the equity of every bar to the cent`() throws {
        for seed in 0..<300 {
            var generator = SplitMix64(seed: Seed.derive(46, UInt64(seed)))
            let market = try Universes(&generator, count: 60)
            let (costs, limits) = Universes.rules(&generator)
            let allocation = try Allocation(
                signals: market.signals, universe: market.universe, sizing: market.sizing, limits: limits)
            for isDriven in [false, true] {
                let log = TradeLog(initialCapital: 100_000)
                let result =
                    isDriven
                    ? try Portfolio.run(
                        market.universe, strategy: AllocationFollower(allocation), costs: costs, limits: limits, log: log)
                    : try Portfolio.run(market.universe, allocation, costs: costs, limits: limits, log: log)
                let replay = try TradeReplay(log.bytes)
                #expect(replay.symbols == market.universe.symbols && replay.fills == result.fills, "seed \(seed)")
                #expect(abs(replay.equity - (result.equity.last ?? 0)) < 0.005, "seed \(seed)")
                let equity = replay.equity(closes: market.universe.closes)
                for i in equity.indices { #expect(abs(equity[i] - result.equity[i]) < 0.005, "seed \(seed) bar \(i)") }
            }
        }
    }
}
