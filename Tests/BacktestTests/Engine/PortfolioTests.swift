import Backtest
import Diagnostics
import MarketData
import Statistics
import Testing

@Suite struct PortfolioTests {
    @Test func `one sleeve is the engine's own run`() throws {
        var generator = SplitMix64(seed: 21)
        let bars = try Markets.random(&generator, count: 80)
        let targets = Markets.targets(&generator, count: 80)
        let costs = Costs(commission: 0.001, slippage: 0.001)
        let alone = try Engine.run(bars: bars, targets: targets, costs: costs, limits: Limits(stopLoss: 0.05))
        let portfolio = try Portfolio.run(
            [.init(bars: bars, targets: targets)], costs: costs, limits: Limits(stopLoss: 0.05))
        #expect(portfolio.equity == alone.equity && portfolio.returns == alone.returns && portfolio.trades == alone.trades)
        #expect(portfolio.fills == alone.fills && portfolio.turnover == alone.turnover && portfolio.halted == alone.halted)
        #expect(zip(portfolio.positions, alone.positions).allSatisfy { abs($0 - $1) < 1e-15 })
    }

    @Test func `a sleeve without a bar keeps its value, and cash before its first one`() throws {
        // A trades on days 0, 1, 3; B on days 1, 2, 3.
        let times: (Int...) -> [Int64] = { days in days.map { Markets.start + Int64($0) * Markets.day } }
        func bars(_ symbol: String, _ time: [Int64], _ price: [Double]) throws -> Bars {
            try Bars(
                symbol: symbol, time: time, open: price, high: price, low: price, close: price, adjustedClose: price,
                volume: [0, 0, 0])
        }
        let a = try bars("A", times(0, 1, 3), [100, 100, 120])
        let b = try bars("B", times(1, 2, 3), [50, 50, 40])
        let result = try Portfolio.run([.init(bars: a, targets: [1, 1, 1]), .init(bars: b, targets: [0.5, 0.5, 0.5])])
        // A: 500 shares from day 1 on, worth 60,000 on day 3. B: 500 shares from day 2 on, 5,000 lost on day 3.
        #expect(result.times == times(0, 1, 2, 3))
        #expect(result.equity == [100_000, 100_000, 100_000, 105_000])
        #expect(result.returns[..<3] == [0, 0, 0] && abs(result.returns[3] - 0.05) < 1e-15)
        #expect(result.positions == [0, 0.5, 0.75, 80_000.0 / 105_000])
        #expect(result.trades.map(\.symbol) == ["A", "B"])
        #expect(result.trades.map(\.entryIndex) == [1, 2] && result.trades.map(\.exitIndex) == [3, 3])
        #expect(result.trades.map(\.pnl) == [10_000, -5000])
        #expect(result.fills == 2 && result.turnover == 0.75 && result.halted == nil)
    }

    @Test func `limits end one sleeve and leave the others`() throws {
        let fall = try Markets.flat([100, 100, 80, 80, 80], symbol: "FALL")
        let rise = try Markets.flat([100, 100, 100, 100, 110], symbol: "RISE")
        let all = [Double](repeating: 1, count: 5)
        let result = try Portfolio.run(
            [.init(bars: fall, targets: all), .init(bars: rise, targets: all)], limits: Limits(maxDrawdown: 0.1))
        #expect(result.halted == 2)
        #expect(result.equity == [100_000, 100_000, 90_000, 90_000, 95_000])
        #expect(result.trades.map(\.exitReason) == [.drawdownHalt, .endOfData])
    }

    @Test func `trades add up to the gain of the portfolio`() throws {
        for seed in 0..<300 {
            var generator = SplitMix64(seed: Seed.derive(4, UInt64(seed)))
            var sleeves: [Portfolio.Sleeve] = []
            for _ in 0...generator.integer(below: 4) {
                let whole = try Markets.random(&generator, count: 60)
                let first = Int(generator.integer(below: 30))
                let bars = whole.slice(first..<(first + 10 + Int(generator.integer(below: 20))))
                sleeves.append(.init(bars: bars, targets: Markets.targets(&generator, count: bars.count)))
            }
            let (costs, limits) = Markets.rules(&generator)
            let result = try Portfolio.run(sleeves, costs: costs, limits: limits)
            let gain = (result.equity.last ?? 0) - 100_000
            #expect(abs(result.trades.reduce(0) { $0 + $1.pnl } - gain) < 1e-6, "seed \(seed)")
            #expect(
                result.trades.allSatisfy {
                    result.times[$0.entryIndex] == $0.entryTime && result.times[$0.exitIndex] == $0.exitTime
                })
        }
    }

    @Test func `an empty portfolio and disordered times are refused`() throws {
        #expect(throws: BacktestError(.portfolioEmpty, "a portfolio needs at least one series")) { try Portfolio.run([]) }
        let bars = try Bars(
            symbol: "X", time: [2, 1], open: [1, 1], high: [1, 1], low: [1, 1], close: [1, 1], adjustedClose: [1, 1],
            volume: [0, 0])
        do {
            _ = try Portfolio.run([.init(bars: bars, targets: [0, 0])])
            Issue.record("bars out of order were accepted")
        } catch { #expect(error.code == "E_BAR_TIME") }
    }
}
