import Backtest
import Diagnostics
import MarketData
import Testing

/// Portfolios small enough to compute by hand.
@Suite struct PortfolioTests {
    private func run(
        _ series: [Bars], _ signals: [[Double]], _ sizing: Sizing = Sizing(.fixed(size: 1)), costs: Costs = .none,
        limits: Limits = .none, lasts: [Int64]? = nil
    ) throws -> BacktestResult {
        let universe = try Universe(series, lasts: lasts)
        let allocation = try Allocation(signals: signals, universe: universe, sizing: sizing, limits: limits)
        return try Portfolio.run(universe, allocation, costs: costs, limits: limits)
    }

    private func bars(_ symbol: String, _ days: [Int], _ prices: [Double]) throws -> Bars {
        try Bars(
            symbol: symbol, time: days.map { Markets.start + Int64($0) * Markets.day }, open: prices, high: prices, low: prices,
            close: prices, adjustedClose: prices, volume: prices.map { _ in 0 })
    }

    @Test func `gains of one series pay for the other, up to the gross limit`() throws {
        let a = try bars("A", [0, 1, 2, 3, 4], [100, 100, 200, 200, 200])
        let b = try bars("B", [0, 1, 2, 3, 4], [50, 50, 50, 50, 60])
        let signals: [[Double]] = [[1, 1, 1, 1, 1], [0, 0, 1, 1, 1]]
        let half = Sizing(.fixed(size: 0.5))
        // Half of 100,000 in A doubles; half of 150,000 buys 1,500 of B, 25,000 of it with borrowed money.
        let levered = try run([a, b], signals, half, limits: Limits(maxGross: 2))
        #expect(levered.equity == [100_000, 100_000, 150_000, 150_000, 165_000])
        #expect(levered.trades.map(\.shares) == [500, 1500] && levered.trades.map(\.pnl) == [50_000, 15_000])
        // Without more than the equity there is, A leaves room for 50,000.
        let whole = try run([a, b], signals, half)
        #expect(whole.trades.map(\.shares) == [500, 1000] && whole.equity[4] == 160_000)
    }

    @Test func `a series is traded at its next bar, and keeps its last close where it has none`() throws {
        let a = try bars("A", [0, 1, 3], [100, 100, 120]), b = try bars("B", [1, 2, 3], [50, 50, 45])
        let result = try run([a, b], [[1, 1, 1], [1, 1, 1]], .shares)
        #expect(result.times == [0, 1, 2, 3].map { Markets.start + $0 * Markets.day })
        #expect(result.equity == [100_000, 100_000, 100_000, 105_000])
        #expect(result.positions == [0, 0.5, 1, 1] && result.fills == 2 && result.turnover == 1)
        #expect(result.trades.map(\.symbol) == ["A", "B"] && result.trades.map(\.pnl) == [10_000, -5000])
        #expect(result.trades.map(\.entryIndex) == [1, 2] && result.trades.map(\.exitIndex) == [3, 3])
    }

    @Test func `a delisted series is settled at its last close, and its money goes to the others`() throws {
        let a = try bars("A", [0, 1, 2], [100, 100, 110]), b = try bars("B", [0, 1, 2, 3, 4], [50, 50, 50, 50, 51])
        let signals: [[Double]] = [[1, 1, 1], [1, 1, 1, 1, 1]]
        let result = try run([a, b], signals, Sizing(.equal))
        #expect(result.trades.map(\.exitReason) == [.delisting, .endOfData] && result.trades.map(\.exitIndex) == [2, 4])
        // 1,000 shares of B from day 1, 2,100 from day 3 on.
        #expect(result.trades.map(\.pnl) == [5000, 2100] && result.equity[4] == 107_100)
        // The same bars as a part of longer series: nothing is known of an end.
        let part = try run([a, b], signals, Sizing(.equal), lasts: [.max, .max])
        #expect(part.trades.map(\.exitReason) == [.endOfData, .endOfData] && part.equity[4] == 106_000)
    }

    @Test func `what is sold pays for what is bought at the same open`() throws {
        let a = try bars("A", [0, 1, 2, 3], [100, 100, 100, 100]), b = try bars("B", [0, 1, 2, 3], [50, 50, 50, 50])
        let result = try run([a, b], [[0, 1, 1, 1], [1, 0, 0, 0]], costs: Costs(funding: 0.5))
        #expect(result.trades.map(\.symbol) == ["B", "A"] && result.trades.map(\.shares) == [2000, 1000])
        #expect(result.financingPaid == 0)
    }

    @Test func `a stop closes its own position, which stays closed until its signal changes`() throws {
        let a = try bars("A", [0, 1, 2, 3, 4, 5], [100, 100, 90, 90, 90, 90])
        let b = try bars("B", [0, 1, 2, 3, 4, 5], [50, 50, 50, 50, 50, 50])
        let sizing = Sizing(.fixed(size: 0.5), rebalance: 1)
        let all: [Double] = [1, 1, 1, 1, 1, 1]
        let stopped = try run([a, b], [all, all], sizing, limits: Limits(stopLoss: 0.05))
        #expect(stopped.trades.map(\.symbol) == ["A", "B"] && stopped.trades.map(\.exitReason) == [.stopLoss, .endOfData])
        #expect(stopped.trades[0].exitIndex == 2 && stopped.equity[5] == 95_000)
        let again = try run([a, b], [[1, 1, 1, 0.5, 0.5, 0.5], all], sizing, limits: Limits(stopLoss: 0.05))
        #expect(again.trades.filter { $0.symbol == "A" }.map(\.entryIndex) == [1, 4])
    }

    @Test func `the margin is that of all positions, and all are closed`() throws {
        let a = try Markets.bars([[100, 100, 100, 100], [100, 100, 100, 100], [95, 95, 80, 85]], symbol: "A")
        let b = try Markets.bars([[100, 100, 100, 100], [100, 100, 100, 100], [101, 105, 101, 104]], symbol: "B")
        let result = try run(
            [a, b], [[1, 1, 1], [1, 1, 1]], Sizing(.fixed(size: 2)),
            limits: Limits(maxPosition: 2, maxGross: 4, maintenanceMargin: 0.2))
        // 2,000 shares each on 300,000 borrowed; with B at its open of 101 equity is a fifth of both at 86.50.
        #expect(result.trades.map(\.exitReason) == [.liquidation, .liquidation])
        #expect(abs(result.trades[0].exitPrice - 86.5) < 1e-9 && result.trades[1].exitPrice == 101)
        #expect(abs(result.equity[2] - 75_000) < 1e-6)
    }

    @Test func `the drawdown that ends trading is that of the whole`() throws {
        let fall = try bars("FALL", [0, 1, 2, 3, 4], [100, 100, 70, 70, 70])
        let rise = try bars("RISE", [0, 1, 2, 3, 4], [100, 100, 110, 120, 130])
        let all: [Double] = [1, 1, 1, 1, 1]
        let result = try run([fall, rise], [all, all], .shares, limits: Limits(maxDrawdown: 0.1))
        #expect(result.halted == 2 && result.equity == [100_000, 100_000, 90_000, 95_000, 95_000])
        #expect(result.trades.allSatisfy { $0.exitReason == .drawdownHalt && $0.exitIndex == 3 })
        #expect(try run([fall, rise], [all, all], .shares, limits: Limits(maxDrawdown: 0.11)).halted == nil)
    }

    @Test func `shorts pay for their shares, and longs for borrowed cash by their value`() throws {
        let days = [0, 1, 2]
        let flat = [100.0, 100, 100]
        let limits = Limits(maxPosition: 2, maxGross: 3)
        let long = try run(
            [bars("A", days, flat), bars("B", days, flat)], [[2, 2, 2], [1, 1, 1]], costs: Costs(funding: 0.365), limits: limits)
        // 200,000 borrowed for a day at a thousandth a day.
        #expect(abs(long.financingPaid - 200) < 1e-9)
        #expect(zip(long.trades.map(\.pnl), [-400.0 / 3, -200.0 / 3]).allSatisfy { abs($0 - $1) < 1e-9 })
        let both = try run(
            [bars("A", days, flat), bars("B", days, flat)], [[-1, -1, -1], [1, 1, 1]], costs: Costs(borrow: 0.365, funding: 1),
            limits: limits)
        #expect(abs(both.trades[0].pnl + 100) < 1e-9 && both.trades[1].pnl == 0)
    }

    @Test func `an empty portfolio, disordered times and what does not fit are refused`() throws {
        #expect(throws: BacktestError(.portfolioEmpty, "a portfolio needs at least one series")) { try Universe([]) }
        let disordered = try Bars(
            symbol: "X", time: [2, 1], open: [1, 1], high: [1, 1], low: [1, 1], close: [1, 1], adjustedClose: [1, 1],
            volume: [0, 0])
        func code(_ body: () throws(BacktestError) -> Void) -> String? {
            do throws(BacktestError) { try body() } catch { return error.code }
            return nil
        }
        #expect(code { () throws(BacktestError) in _ = try Universe([disordered]) } == "E_BAR_TIME")
        let universe = try Universe([bars("A", [0, 1], [1, 1]), bars("B", [1], [1])])
        let other = try Universe([bars("A", [0], [1])])
        #expect(
            code { () throws(BacktestError) in _ = try Allocation(signals: [[1, 1]], universe: universe) } == "E_TARGETS_COUNT")
        #expect(
            code { () throws(BacktestError) in _ = try Allocation(signals: [[1, 1], [1, 1]], universe: universe) }
                == "E_TARGETS_COUNT")
        #expect(
            code { () throws(BacktestError) in _ = try Allocation(signals: [[1, .nan], [1]], universe: universe) }
                == "E_TARGET_NOT_FINITE")
        let allocation = try Allocation(signals: [[1]], universe: other)
        #expect(code { () throws(BacktestError) in _ = try Portfolio.run(universe, allocation) } == "E_TARGETS_COUNT")
        #expect(
            code { () throws(BacktestError) in _ = try Portfolio.run(other, allocation, initialCapital: .nan) } == "E_CAPITAL")
    }
}
