import Backtest
import MarketData

extension BacktestBench {
    /// A hundred series over ten years of days from one cash pool, sized anew every month.
    func portfolio() throws {
        let series = try (0..<100).map { try Self.market(2_520, seed: UInt64($0), symbol: "A\($0)") }
        let rule = RuleStrategy.movingAverageCross(fast: 10, slow: 50, short: true)
        let signals = try series.map { try rule.targets(bars: $0) }
        let universe = try Universe(series)
        let limits = Limits(maxPosition: 0.2, maxGross: 2, stopLoss: 0.1)
        let costs = Costs(commission: 0.0005, slippage: 0.0005, borrow: 0.02, funding: 0.04)
        let allocation = try Allocation(
            signals: signals, universe: universe, sizing: Sizing(.volatility(target: 1, window: 60), rebalance: 21),
            limits: limits)
        let run = try Portfolio.run(universe, allocation, costs: costs, limits: limits)
        let driven = try Portfolio.run(universe, strategy: AllocationFollower(allocation), costs: costs, limits: limits)
        try Self.check(
            run.fills > 10_000 && zip(run.equity, driven.equity).allSatisfy { abs($0 - $1) < 0.005 }, "the two paths differ")
        let seconds = try best(of: 5) { _ = try Portfolio.run(universe, allocation, costs: costs, limits: limits) }
        report("backtest.portfolio.bars_per_s", Double(100 * 2_520) / seconds, "1/s", ("fills", Double(run.fills)))
    }
}
