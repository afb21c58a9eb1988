import Backtest
import MarketData
import Statistics
import Testing

/// Every rule on a case small enough to compute by hand, to the cent.
@Suite struct EngineTests {
    private func run(
        _ rows: [[Double]], _ targets: [Double], _ costs: Costs = .none, _ limits: Limits = .none
    ) throws -> BacktestResult {
        try Engine.run(bars: Markets.bars(rows), targets: targets, costs: costs, limits: limits)
    }

    private func cents(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    private let quiet = [100.0, 100, 100, 100]

    @Test func `a target decided on a close is filled at the next open`() throws {
        let result = try run([quiet, [102, 106, 101, 105], [107, 111, 104, 110]], [1, 1, 0])
        // 100,000 / 102 = 980.392157 shares; × 105 and × 110.
        #expect(result.equity.map(cents) == [100_000, 102_941.18, 107_843.14])
        #expect(result.returns[0] == 0)
        #expect(abs(result.returns[2] - (110.0 / 105 - 1)) < 1e-15)
        #expect(result.positions[0] == 0 && abs(result.positions[1] - 1) < 1e-15)
        #expect(result.fills == 1 && abs(result.turnover - 1) < 1e-15)
        // The last target is never filled: the position stays open and is valued at the last close.
        #expect(result.trades.count == 1)
        let trade = try #require(result.trades.first)
        #expect(trade.isOpenAtEnd && trade.entryIndex == 1 && trade.exitIndex == 2 && trade.side == .long)
        #expect(trade.entryPrice == 102 && abs(trade.exitPrice - 110) < 1e-12)
        #expect(cents(trade.pnl) == 7843.14 && abs(trade.return - 8.0 / 102) < 1e-15)
        #expect(trade.entryTime == Markets.start + Markets.day && trade.exitTime == Markets.start + 2 * Markets.day)
        #expect(trade.symbol == "TEST")
    }

    @Test func `commission is paid on the traded value of both sides`() throws {
        let result = try run([quiet, quiet, [110, 110, 110, 110]], [1, 0, 0], Costs(commission: 0.001))
        // 100,000 / (100 × 1.001) = 999.000999 shares: 99,900.10 of value and 99.90 of commission, no cash left.
        // Sold at 110: 109,890.11 less 109.89.
        #expect(result.equity.map(cents) == [100_000, 99_900.10, 109_780.22])
        #expect(cents(result.commissionPaid) == 209.79)
        let trade = try #require(result.trades.first)
        #expect(cents(trade.pnl) == 9780.22 && cents(trade.commission) == 209.79 && trade.exitReason == .target)
        #expect(!trade.isOpenAtEnd && abs(trade.shares - 999.000999000999) < 1e-9)
    }

    @Test func `slippage makes a long pay more and get less`() throws {
        let result = try run([quiet, quiet, [110, 110, 110, 110]], [1, 0, 0], Costs(slippage: 0.01))
        // Bought at 101: 990.0990 shares, worth 99,009.90 at 100. Sold at 108.90.
        #expect(result.equity.map(cents) == [100_000, 99_009.90, 107_821.78])
        let trade = try #require(result.trades.first)
        #expect(abs(trade.entryPrice - 101) < 1e-12 && abs(trade.exitPrice - 108.9) < 1e-12)
    }

    @Test func `slippage makes a short get less and pay more`() throws {
        let result = try run([quiet, quiet, [90, 90, 90, 90]], [-1, 0, 0], Costs(slippage: 0.01))
        // Sold short at 99: 990.0990 shares bring 98,019.80; covered at 90.90 for 90,000.00.
        #expect(result.equity.map(cents) == [100_000, 99_009.90, 108_019.80])
        #expect(abs(result.positions[1] + 1) < 1e-15)
        let trade = try #require(result.trades.first)
        #expect(trade.side == .short && cents(trade.pnl) == 8019.80)
        #expect(abs(trade.entryPrice - 99) < 1e-12 && abs(trade.exitPrice - 90.9) < 1e-12)
    }

    @Test func `commission and slippage together leave the target exactly met and cash at zero`() throws {
        let result = try run([quiet, quiet], [1, 1], Costs(commission: 0.001, slippage: 0.0005))
        // Each share costs 100.05 and 0.10005: 100,000 / 100.15005 = 998.501748 shares.
        #expect(cents(result.equity[1]) == 99_850.17)
        #expect(abs(result.positions[1] - 1) < 1e-15)
    }

    @Test func `shares are held while the target stays and resized when it changes`() throws {
        let rows = [quiet, quiet, [110, 110, 110, 110], [110, 121, 110, 121], [121, 121, 121, 121]]
        let result = try run(rows, [0.5, 0.5, 1, 0.25, 0.25])
        // 500 shares at 100; untouched at 110 (52.4 % of 105,000). Then all of 105,000 at 110: 954.545455 shares, worth
        // 115,500 at 121. A quarter of that is 238.636364 shares.
        #expect(result.equity.map(cents) == [100_000, 100_000, 105_000, 115_500, 115_500])
        #expect(abs(result.positions[2] - 55_000.0 / 105_000) < 1e-15)
        #expect(abs(result.positions[3] - 1) < 1e-15 && abs(result.positions[4] - 0.25) < 1e-15)
        #expect(result.fills == 3)
        // 0.5, then 50,000 of 105,000, then 86,625 of 115,500.
        #expect(abs(result.turnover - (0.5 + 50_000.0 / 105_000 + 0.75)) < 1e-12)
        let trade = try #require(result.trades.first)
        // 500 at 100 and 454.545455 at 110.
        #expect(result.trades.count == 1 && abs(trade.entryPrice - 100_000 / 954.5454545454545) < 1e-9)
        #expect(cents(trade.pnl) == 15_500)
    }

    @Test func `turning from long to short is one order and two trades`() throws {
        let rows = [quiet, quiet, [110, 110, 110, 110], [110, 110, 104, 105]]
        let result = try run(rows, [1, -1, -1, -1])
        // 1,000 shares to 110,000; then 1,000 short at 110, worth 5,000 at 105.
        #expect(result.equity.map(cents) == [100_000, 100_000, 110_000, 115_000])
        #expect(result.fills == 2 && abs(result.turnover - 3) < 1e-12)
        #expect(result.trades.map(\.side) == [.long, .short])
        #expect(result.trades.map { cents($0.pnl) } == [10_000, 5000])
        #expect(result.trades.map(\.exitReason) == [.target, .endOfData])
        #expect(result.trades.map(\.entryIndex) == [1, 2] && result.trades.map(\.exitIndex) == [2, 3])
    }

    @Test func `a target beyond the cap is cut to it`() throws {
        let rows = [quiet, quiet, [101, 101, 101, 101]]
        let long = try run(rows, [3, 2, 2], .none, Limits(maxPosition: 1.5))
        // 1,500 shares; the change from 3 to 2 is none, both are the cap.
        #expect(cents(long.equity[2]) == 101_500 && long.fills == 1)
        let short = try run(rows, [-9, -9, -9], .none, Limits(maxPosition: 0.5))
        #expect(cents(short.equity[2]) == 99_500)
    }

    @Test func `a stop inside the bar is filled at the stop`() throws {
        let rows = [quiet, quiet, [98, 99, 94, 97], [97, 97, 97, 97], [97, 97, 97, 97], [97, 97, 97, 98]]
        let result = try run(rows, [1, 1, 1, 0, 1, 1], .none, Limits(stopLoss: 0.05))
        // Stopped at 95; flat while the target stays 1, in again after it was 0.
        #expect(result.equity.map(cents) == [100_000, 100_000, 95_000, 95_000, 95_000, 95_979.38])
        #expect(result.positions.map { $0 != 0 } == [false, true, false, false, false, true])
        #expect(result.trades[0].exitReason == .stopLoss && abs(result.trades[0].exitPrice - 95) < 1e-12)
        #expect(result.trades[0].exitIndex == 2)
    }

    @Test func `a gap through the stop is filled at the open, slippage on top`() throws {
        let rows = [quiet, quiet, [93, 99, 92, 97]]
        #expect(cents(try run(rows, [1, 1, 1], .none, Limits(stopLoss: 0.05)).equity[2]) == 93_000)
        // Bought at 101: 990.0990 shares; the stop at 95.95; sold at 93 less 1 %, 92.07.
        let slipped = try run(rows, [1, 1, 1], Costs(slippage: 0.01), Limits(stopLoss: 0.05))
        #expect(cents(slipped.equity[2]) == 91_158.42)
    }

    @Test func `a short is stopped above its entry, inside the bar and by a gap`() throws {
        let inside = try run([quiet, quiet, [102, 106, 101, 103]], [-1, -1, -1], .none, Limits(stopLoss: 0.05))
        #expect(cents(inside.equity[2]) == 95_000)
        let gap = try run([quiet, quiet, [107, 108, 101, 103]], [-1, -1, -1], .none, Limits(stopLoss: 0.05))
        #expect(cents(gap.equity[2]) == 93_000)
    }

    @Test func `a stop works on the bar of the entry, and touching it is enough`() throws {
        let result = try run([quiet, [100, 101, 95, 100]], [1, 1], .none, Limits(stopLoss: 0.05))
        #expect(cents(result.equity[1]) == 95_000 && result.fills == 2)
        #expect(result.trades[0].entryIndex == 1 && result.trades[0].exitIndex == 1)
        let above = try run([quiet, [100, 101, 95.01, 100]], [1, 1], .none, Limits(stopLoss: 0.05))
        #expect(above.fills == 1)
    }

    @Test func `the drawdown halt closes at the next open and stays flat`() throws {
        let rows = [quiet, quiet, [95, 95, 90, 90], [88, 95, 88, 95], [95, 99, 95, 99]]
        let result = try run(rows, [1, 1, 0.5, 1, 1], .none, Limits(maxDrawdown: 0.1))
        #expect(result.equity.map(cents) == [100_000, 100_000, 90_000, 88_000, 88_000])
        #expect(result.halted == 2)
        #expect(result.trades.map(\.exitReason) == [.drawdownHalt] && result.trades[0].exitIndex == 3)
        // Measured from the highest close, which here lies above the start.
        let peak = try run(
            [quiet, [100, 120, 100, 120], [120, 120, 108, 108], [108, 108, 108, 108]], [1, 1, 1, 1], .none,
            Limits(maxDrawdown: 0.1))
        #expect(peak.halted == 2)
        let almost = try run(
            [quiet, [100, 120, 100, 120], [120, 120, 108, 108.01], [108, 108, 108, 108.01]], [1, 1, 1, 1], .none,
            Limits(maxDrawdown: 0.1))
        #expect(almost.halted == nil)
    }

    @Test func `a halt on the last bar leaves the position open`() throws {
        let result = try run([quiet, [100, 100, 80, 80]], [1, 1], .none, Limits(maxDrawdown: 0.1))
        #expect(result.halted == 1 && result.trades.map(\.exitReason) == [.endOfData])
    }

    @Test func `ruin closes the position at that close and ends trading`() throws {
        let rows = [quiet, quiet, [100, 250, 100, 250], [50, 50, 50, 50], [40, 40, 40, 40]]
        let result = try run(rows, [-1, -1, 1, 1, -1])
        #expect(result.equity.map(cents) == [100_000, 100_000, -50_000, -50_000, -50_000])
        #expect(result.returns[2] == -1.5 && result.returns[3] == 0 && result.halted == 2)
        #expect(result.trades.map(\.exitReason) == [.ruin] && cents(result.trades[0].pnl) == -150_000)
    }

    @Test func `prices are adjusted before anything is traded`() throws {
        let bars = try Bars(
            symbol: "SPLIT", time: [0, 1, 2], open: [100, 100, 52], high: [100, 100, 52], low: [100, 100, 52],
            close: [100, 100, 52], adjustedClose: [50, 50, 52], volume: [0, 0, 0])
        let result = try Engine.run(bars: bars, targets: [1, 1, 1], limits: Limits(stopLoss: 0.05))
        // 2,000 shares of the later kind at 50, no stop by the split.
        #expect(cents(result.equity[2]) == 104_000 && result.trades[0].entryPrice == 50)
    }

    @Test func `no bars and no targets give an empty result`() throws {
        let result = try run([], [])
        #expect(result.equity.isEmpty && result.trades.isEmpty && result.halted == nil && result.fills == 0)
        #expect(try run([quiet], [1]).equity == [100_000])
    }

    @Test func `the initial capital scales money and nothing else`() throws {
        var generator = SplitMix64(seed: 6)
        let bars = try Markets.random(&generator, count: 200)
        let targets = Markets.targets(&generator, count: 200)
        let costs = Costs(commission: 0.001, slippage: 0.001)
        let one = try Engine.run(bars: bars, targets: targets, costs: costs, initialCapital: 1)
        let many = try Engine.run(bars: bars, targets: targets, costs: costs, initialCapital: 1_048_576)
        #expect(one.returns == many.returns)
        #expect(one.equity.map { $0 * 1_048_576 } == many.equity)
    }
}
