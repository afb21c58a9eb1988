import Backtest
import MarketData
import Statistics
import Testing

/// Portfolios in whole steps: prices in ticks, shares in lots, money in units, splits and dividends booked.
@Suite struct InstrumentTests {
    private let cents = Instrument(tick: 0.01)

    private func bars(_ symbol: String, _ closes: [Double], adjusted: [Double]? = nil) throws -> Bars {
        try Bars(
            symbol: symbol, time: closes.indices.map { Markets.start + Int64($0) * Markets.day }, open: closes, high: closes,
            low: closes, close: closes, adjustedClose: adjusted ?? closes, volume: closes.map { _ in 0 })
    }

    private func run(
        _ series: [Bars], _ signals: [[Double]], _ instruments: [Instrument], costs: Costs = .none, limits: Limits = .none,
        capital: Double = 100_000, log: TradeLog? = nil
    ) throws -> BacktestResult {
        let universe = try Universe(series, instruments: instruments)
        let allocation = try Allocation(
            signals: signals, universe: universe, sizing: Sizing(.fixed(size: 1)), limits: limits)
        return try Portfolio.run(universe, allocation, costs: costs, limits: limits, initialCapital: capital, log: log)
    }

    @Test func `shares are whole, prices are ticks against the trader, commission is rounded up`() throws {
        let result = try run(
            [bars("A", [33, 33, 33.5, 33.5])], [[1, 1, 0, 0]], [cents], costs: Costs(commission: 0.0001, slippage: 0.0001),
            capital: 1000)
        // Bought at 33.0033, which is 33.01; 30 shares cost 990.30 and 0.099, which is 0.10. Sold at 33.49665, which is 33.49.
        let trade = result.trades[0]
        #expect(trade.shares == 30 && abs(trade.entryPrice - 33.01) < 1e-12 && abs(trade.exitPrice - 33.49) < 1e-12)
        #expect(abs(trade.commission - 0.21) < 1e-12 && abs(result.equity[3] - 1014.19) < 1e-12)
    }

    @Test func `a split multiplies the shares, and what is less than one is paid out`() throws {
        // Three for two on day 3.
        let split = try bars("A", [90, 90, 90, 60, 62], adjusted: [60, 60, 60, 60, 62])
        let result = try run([split], [[1, 1, 1, 1, 1]], [cents], capital: 1000)
        // 11 shares become 16.5: 16 and 30.00, held from 10.00 of cash on.
        #expect(abs(result.equity[4] - (10 + 30 + 16 * 62)) < 1e-9 && abs(result.dividendsReceived - 30) < 1e-9)
        #expect(abs(result.trades[0].entryPrice - 60) < 1e-9 && abs(result.trades[0].pnl - 32) < 1e-9)
        let reverse = try bars("A", [10, 10, 10, 100, 110], adjusted: [100, 100, 100, 100, 110])
        let few = try run([reverse], [[1, 1, 1, 1, 1]], [cents], capital: 1000)
        #expect(abs(few.equity[4] - 1100) < 1e-9)
    }

    @Test func `a dividend is received by who is long and paid by who is short`() throws {
        // 2 of 100: what came before is worth 2 % less.
        let paying = try bars("A", [100, 100, 100, 98, 98], adjusted: [98, 98, 98, 98, 98])
        let long = try run([paying], [[1, 1, 1, 1, 1]], [cents], capital: 1000)
        #expect(abs(long.equity[4] - 1000) < 1e-9 && abs(long.dividendsReceived - 20) < 1e-9)
        let short = try run([paying], [[-1, -1, -1, -1, -1]], [cents], capital: 1000)
        #expect(abs(short.equity[4] - 1000) < 1e-9 && abs(short.dividendsReceived + 20) < 1e-9)
        #expect(abs(long.trades[0].pnl) < 1e-9 && abs(short.trades[0].pnl) < 1e-9)
    }

    @Test func `actions are read off the adjusted closes`() throws {
        func actions(_ closes: [Double], _ adjusted: [Double]) throws -> [CorporateAction?] {
            try bars("A", closes, adjusted: adjusted).corporateActions()
        }
        let nothing = try actions([10, 11, 12], [5, 5.5, 6])
        #expect(nothing.allSatisfy { $0 == nil })
        let split = try actions([100, 50.5], [50, 50.5])
        #expect(split[1]?.ratio == 2 && split[1]?.dividend == 0)
        let third = try actions([100, 67], [100 * 2 / 3.0, 67])
        #expect(third[1]?.ratio == 1.5)
        let reverse = try actions([1, 8], [8, 8])
        #expect(reverse[1]?.ratio == 0.125)
        let dividend = try actions([50, 49], [49.5, 49])
        #expect(dividend[1]?.ratio == 1 && abs((dividend[1]?.dividend ?? 0) - 0.5) < 1e-12)
        let odd = try actions([50, 60], [62, 60])
        #expect(abs((odd[1]?.ratio ?? 0) - 50.0 / 62) < 1e-12)
    }

    /// Random prices in cents, with a dividend or a split now and then.
    private func paying(_ generator: inout SplitMix64, symbol: String, count: Int) throws -> Bars {
        let walk = try Markets.traded(&generator, count: count)
        var factor = [Double](repeating: 1, count: count)
        var shift = [Double](repeating: 1, count: count)
        for bar in 1..<count {
            let draw = generator.uniform()
            let action: (adjust: Double, split: Double) = draw < 0.04 ? (2, 2) : (draw < 0.1 ? (1 / 0.99, 1) : (1, 1))
            factor[bar] = factor[bar - 1] * action.adjust
            shift[bar] = shift[bar - 1] / action.split
        }
        func market(_ column: [Double]) -> [Double] {
            column.indices.map { max(0.01, (column[$0] * shift[$0] * 100).rounded() / 100) }
        }
        let close = market(walk.close)
        return try Bars(
            symbol: symbol, time: walk.time, open: market(walk.open), high: market(walk.high), low: market(walk.low),
            close: close,
            adjustedClose: close.indices.map { close[$0] * factor[$0] / (factor[count - 1]) }, volume: walk.volume)
    }

    @Test func `money is exact in units on both paths, in trades and in the log, under every cost and limit`() throws {
        var booked = 0
        for seed in 0..<800 {
            var generator = SplitMix64(seed: Seed.derive(51, UInt64(seed)))
            let series = try (0..<3).map { try paying(&generator, symbol: "S\($0)", count: 50) }
            let instruments = [cents, Instrument(tick: 0.01, lot: 10), Instrument(tick: 0.05, lot: 0.1)]
            let universe = try Universe(series, instruments: instruments)
            let (costs, limits) = Universes.rules(&generator)
            let allocation = try Allocation(
                signals: series.map { Markets.targets(&generator, count: $0.count) }, universe: universe,
                sizing: Universes.sizing(&generator), limits: limits)
            let logs = [TradeLog(initialCapital: 100_000), TradeLog(initialCapital: 100_000)]
            let vectorised = try Portfolio.run(universe, allocation, costs: costs, limits: limits, log: logs[0])
            let driven = try Portfolio.run(
                universe, strategy: AllocationFollower(allocation), costs: costs, limits: limits, log: logs[1])
            #expect(vectorised.equity == driven.equity && vectorised.trades == driven.trades, "seed \(seed)")
            // 0.005 is the unit that a cent, a tick of ten shares and a twentieth of a tenth have in common.
            let unit = 0.005
            for equity in vectorised.equity { #expect((equity / unit).rounded() * unit == equity, "seed \(seed)") }
            let gain = (vectorised.equity[49] - 100_000) / unit
            let trades = vectorised.trades.reduce(0) { $0 + ($1.pnl / unit).rounded() }
            #expect(trades == gain.rounded(), "seed \(seed)")
            let replay = try TradeReplay(logs[0].bytes)
            #expect(replay.equity == vectorised.equity[49] && replay.unit == unit, "seed \(seed)")
            #expect(replay.equity(closes: universe.closes) == vectorised.equity, "seed \(seed)")
            #expect(try TradeReplay(logs[1].bytes).equity == replay.equity)
            booked += vectorised.dividendsReceived != 0 ? 1 : 0
        }
        #expect(booked > 500)
    }

    @Test func `steps and capital that do not fit are refused`() throws {
        func code(_ body: () throws -> Void) -> String? {
            do { try body() } catch { return (error as? BacktestError)?.code }
            return nil
        }
        let a = try bars("A", [1, 1])
        for instrument in [
            Instrument(tick: 0), Instrument(tick: .nan), Instrument(tick: 0.000_000_1), Instrument(tick: 1001),
            Instrument(tick: 0.01, lot: -1), Instrument(tick: 1.0 / 3),
        ] { #expect(code { _ = try Universe([a], instruments: [instrument]) } == "E_INSTRUMENT", "\(instrument)") }
        #expect(code { _ = try Universe([a], instruments: []) } == "E_INSTRUMENT")
        #expect(code { _ = try Universe([bars("A", [0.001, 1])], instruments: [cents]) } == "E_INSTRUMENT")
        #expect(code { _ = try run([a], [[1, 1]], [cents], capital: 100.005) } == "E_CAPITAL")
        #expect(code { _ = try run([a], [[1, 1]], [cents], capital: 1e15) } == "E_CAPITAL")
    }
}
