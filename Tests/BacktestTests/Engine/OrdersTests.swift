import Backtest
import MarketData
import Statistics
import Testing

/// Places given orders on given bars' closes.
private struct Script: OrderStrategy {
    var orders: [Int: [Order]]

    mutating func decide(_ desk: inout Desk) throws(BacktestError) {
        for order in orders[desk.bar] ?? [] { try desk.place(order) }
    }
}

/// Every kind of order on bars small enough to follow by hand.
@Suite struct OrdersTests {
    private let quiet = [100.0, 100, 100, 100]

    private func run(
        _ rows: [[Double]], _ orders: [Int: [Order]], path: BarPath = .pessimistic, limits: Limits = Limits(maxPosition: 4),
        volume: Double = 1_000_000
    ) throws -> BacktestResult {
        let bars = try Markets.bars(rows, volume: [Double](repeating: volume, count: rows.count))
        return try Engine.run(PricedBars(bars), strategy: Script(orders: orders), limits: limits, path: path)
    }

    private func entries(_ result: BacktestResult) -> [Double] { result.trades.map(\.entryPrice) }

    @Test func `a market order is filled at the next open, one for the close at the next close`() throws {
        let rows = [quiet, [102, 103, 101, 101.5], quiet]
        #expect(try entries(run(rows, [0: [Order(.market, .shares(10))]])) == [102])
        let atClose = try run(rows, [0: [Order(.marketOnClose, .shares(-10))]])
        #expect(entries(atClose) == [101.5] && atClose.trades[0].side == .short && atClose.trades[0].entryIndex == 1)
    }

    @Test func `a limit is filled at its price or better`() throws {
        // Inside the bar, at a better open, and not at all.
        #expect(try entries(run([quiet, [101, 102, 98, 101]], [0: [Order(.limit(99), .shares(5))]])) == [99])
        #expect(try entries(run([quiet, [97, 102, 96, 101]], [0: [Order(.limit(99), .shares(5))]])) == [97])
        #expect(try run([quiet, [101, 102, 99.5, 101]], [0: [Order(.limit(99), .shares(5))]]).fills == 0)
        #expect(try entries(run([quiet, [101, 104, 100, 101]], [0: [Order(.limit(103), .shares(-5))]])) == [103])
        // It waits for later bars.
        let later = try run([quiet, quiet, quiet, [100, 100, 90, 95]], [0: [Order(.limit(92), .shares(5))]])
        #expect(entries(later) == [92] && later.trades[0].entryIndex == 3)
    }

    @Test func `a stop is filled at its price or worse`() throws {
        #expect(try entries(run([quiet, [101, 104, 100, 103]], [0: [Order(.stop(102), .shares(5))]])) == [102])
        #expect(try entries(run([quiet, [105, 106, 104, 105]], [0: [Order(.stop(102), .shares(5))]])) == [105])
        #expect(try entries(run([quiet, [96, 97, 95, 96]], [0: [Order(.stop(98), .shares(-5))]])) == [96])
        #expect(try run([quiet, [101, 101.5, 100, 101]], [0: [Order(.stop(102), .shares(5))]]).fills == 0)
    }

    @Test func `a stop-limit waits at its limit once the stop was reached`() throws {
        let order = Order(.stopLimit(stop: 102, limit: 103), .shares(5))
        // Reached inside the bar: filled where it is reached.
        #expect(try entries(run([quiet, [101, 105, 100, 104]], [0: [order]])) == [102])
        // A gap beyond the limit arms it; it is filled when the price comes back.
        let gap = try run([quiet, [106, 107, 105, 106], [105, 106, 102, 104]], [0: [order]])
        #expect(entries(gap) == [103] && gap.trades[0].entryIndex == 2)
        #expect(try run([quiet, [106, 107, 105, 106], quiet.map { $0 + 5 }], [0: [order]]).fills == 0)
    }

    @Test func `a trailing stop follows the best price and never falls back`() throws {
        let orders: [Int: [Order]] = [0: [Order(.market, .shares(10))], 1: [Order(.trailingStop(0.1), .close)]]
        let rows = [quiet, quiet, [105, 120, 104, 118], [117, 119, 110, 112], [111, 112, 107, 108], quiet]
        // The best price is 120: the stop stands at 108.
        let result = try run(rows, orders, path: .lowFirst)
        #expect(result.trades.map(\.exitIndex) == [4] && abs(result.trades[0].exitPrice - 108) < 1e-12)
        // With the high first the same bar can carry the stop up and reach it.
        let steep = try run([quiet, quiet, [100, 130, 99, 101]], orders, path: .highFirst)
        #expect(abs(steep.trades[0].exitPrice - 117) < 1e-12 && steep.trades[0].exitReason == .order)
        let gentle = try run([quiet, quiet, [100, 130, 99, 128]], orders, path: .lowFirst)
        #expect(gentle.trades[0].isOpenAtEnd)
        // A short one trails the low.
        let short: [Int: [Order]] = [0: [Order(.market, .shares(-10))], 1: [Order(.trailingStop(0.1), .close)]]
        let rising = try run([quiet, quiet, [90, 91, 80, 81], [82, 89, 82, 88]], short, path: .highFirst)
        #expect(abs(rising.trades[0].exitPrice - 88) < 1e-12)
    }

    @Test func `of a stop and a target in one bar the stop is filled, unless a path says otherwise`() throws {
        let bracket = Order(.market, .shares(10), bracket: Bracket(stopLoss: 0.05, takeProfit: 0.05))
        let rows = [quiet, quiet, [100, 106, 94, 100], quiet]
        func reason(_ path: BarPath) throws -> ExitReason { try run(rows, [0: [bracket]], path: path).trades[0].exitReason }
        #expect(try reason(.pessimistic) == .stopLoss && reason(.lowFirst) == .stopLoss && reason(.highFirst) == .takeProfit)
        // One that fills cancels the other: there is one trade, and nothing is sold twice.
        let result = try run(rows, [0: [bracket]], path: .highFirst)
        #expect(result.trades.count == 1 && result.fills == 2 && abs(result.trades[0].exitPrice - 105) < 1e-12)
        // The same on the bar of the entry.
        #expect(try run([quiet, [100, 106, 94, 100]], [0: [bracket]]).trades[0].exitReason == .stopLoss)
    }

    @Test func `a target on the bar of an entry inside it counts only when the close is beyond it`() throws {
        let entry = Order(.limit(98), .shares(10), bracket: Bracket(stopLoss: 0.1, takeProfit: 0.05))
        // 102.9 lies below the high, which may have come before the entry.
        #expect(try run([quiet, [101, 104, 97, 99]], [0: [entry]]).trades[0].isOpenAtEnd)
        #expect(try run([quiet, [101, 104, 97, 103.5]], [0: [entry]]).trades[0].exitReason == .takeProfit)
        #expect(try run([quiet, [101, 104, 97, 99]], [0: [entry]], path: .lowFirst).trades[0].exitReason == .takeProfit)
    }

    @Test func `orders live as long as they are told, and can be cancelled`() throws {
        let day = Order(.limit(95), .shares(5), bars: 1)
        let rows = [quiet, [100, 101, 96, 100], [100, 100, 90, 95]]
        #expect(try run(rows, [0: [day]]).fills == 0)
        #expect(try run(rows, [0: [Order(.limit(95), .shares(5), bars: 2)]]).fills == 1)

        struct Canceller: OrderStrategy {
            var order = 0
            mutating func decide(_ desk: inout Desk) throws(BacktestError) {
                if desk.bar == 0 { order = try desk.place(Order(.limit(95), .shares(5))) }
                if desk.bar == 1, desk.isLive(order), desk.liveOrders == 1 { desk.cancel(order) }
            }
        }
        #expect(try Engine.run(PricedBars(Markets.bars(rows)), strategy: Canceller()).fills == 0)
    }

    @Test func `a volume cap is shared by the orders of a bar and carries the rest on`() throws {
        let rows = [quiet, quiet, quiet, quiet, quiet]
        let orders: [Int: [Order]] = [0: [Order(.market, .shares(70)), Order(.market, .shares(50))]]
        let result = try run(rows, orders, limits: Limits(participation: 0.5), volume: 80)
        // 40 a bar: 40, then 30 + 10, then 40.
        #expect(result.positions.map { ($0 * 1000).rounded() } == [0, 40, 80, 120, 120] && result.fills == 4)
    }

    @Test func `orders are cut to the position cap, but may always reduce`() throws {
        let limits = Limits(maxPosition: 0.5)
        let result = try run(
            [quiet, quiet, quiet, quiet], [0: [Order(.market, .shares(900))], 1: [Order(.market, .shares(9))]], limits: limits)
        #expect(result.trades[0].shares == 500 && result.fills == 1)
        let out = try run(
            [quiet, quiet, quiet, quiet], [0: [Order(.market, .shares(500))], 1: [Order(.market, .shares(-499))]], limits: limits)
        #expect(abs(out.positions[2] - 0.001) < 1e-12)
    }

    @Test func `orders that cannot be are refused`() throws {
        let orders = [
            Order(.market, .shares(0)), Order(.market, .shares(.nan)), Order(.limit(-1), .shares(1)),
            Order(.stop(.infinity), .shares(1)),
            Order(.limit(10), .target(1)), Order(.trailingStop(1.5), .close), Order(.market, .shares(1), bars: 0),
            Order(.market, .shares(1), bracket: Bracket(stopLoss: 2)), Order(.market, .target(.nan)),
            Order(.stopLimit(stop: 1, limit: 0), .close),
        ]
        for order in orders {
            do {
                _ = try run([quiet, quiet], [0: [order]])
                Issue.record("\(order) was accepted")
            } catch let error as BacktestError {
                #expect(error.code == "E_ORDER")
            }
        }
    }

    @Test func `random orders keep every promise of their kind`() throws {
        struct Chaos: OrderStrategy {
            var generator: SplitMix64

            mutating func decide(_ desk: inout Desk) throws(BacktestError) {
                if desk.liveOrders > 8 { desk.cancelAll() }
                guard generator.uniform() < 0.6 else { return }
                let price = desk.close() * (0.95 + 0.1 * generator.uniform())
                let kinds: [Order.Kind] = [
                    .market, .marketOnClose, .limit(price), .stop(price), .stopLimit(stop: price, limit: price * 1.01),
                    .trailingStop(0.02),
                ]
                let size: Order.Size = generator.uniform() < 0.3 ? .close : .shares(400 * (generator.uniform() - 0.5))
                let bracket = generator.uniform() < 0.3 ? Bracket(stopLoss: 0.02, takeProfit: 0.03) : nil
                try desk.place(
                    Order(
                        kinds[Int(generator.integer(below: 6))], size, bars: generator.uniform() < 0.3 ? 3 : nil,
                        bracket: bracket))
            }
        }
        var reasons: Set<ExitReason> = []
        for seed in 0..<1500 {
            var generator = SplitMix64(seed: Seed.derive(41, UInt64(seed)))
            let bars = try Markets.traded(&generator, count: 60)
            let (costs, limits) = Markets.allRules(&generator)
            let chaos = Chaos(generator: SplitMix64(seed: UInt64(seed)))
            let log = TradeLog(initialCapital: 100_000)
            let prices = try PricedBars(bars)
            let result = try Engine.run(
                prices, strategy: chaos, costs: costs, limits: limits, path: BarPath.allCases[seed % 4], log: log)
            let gain = result.equity[59] - result.initialCapital
            #expect(abs(result.trades.reduce(0) { $0 + $1.pnl } - gain) < 1e-6, "seed \(seed)")
            let replay = try TradeReplay(log.bytes)
            #expect(replay.fills == result.fills && abs(replay.equity - result.equity[59]) < 0.005, "seed \(seed)")
            for record in replay.records {
                guard case .fill(_, let bar, _, let shares, let price, _, _) = record, costs == .none else { continue }
                #expect(price >= bars.low[bar] * (1 - 1e-12) && price <= bars.high[bar] * (1 + 1e-12) && shares != 0)
            }
            reasons.formUnion(result.trades.map(\.exitReason))
            // What comes later changes nothing before.
            let last = 30
            let cut = try Engine.run(
                PricedBars(bars.slice(0..<last)), strategy: chaos, costs: costs, limits: limits, path: BarPath.allCases[seed % 4])
            #expect(cut.equity == Array(result.equity[..<last]), "seed \(seed)")
        }
        #expect(reasons.isSuperset(of: [.order, .takeProfit, .stopLoss, .drawdownHalt, .endOfData]))
    }
}
