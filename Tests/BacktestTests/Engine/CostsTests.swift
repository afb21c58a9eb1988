import Backtest
import Diagnostics
import Foundation
import MarketData
import Testing

/// Every cost on a case small enough to compute by hand, to the cent.
@Suite struct CostsTests {
    private let quiet = [100.0, 100, 100, 100]

    private func run(
        _ rows: [[Double]], _ targets: [Double], _ costs: Costs, _ limits: Limits = .none, volume: Double = 10_000
    ) throws -> BacktestResult {
        let bars = try Markets.bars(rows, volume: [Double](repeating: volume, count: rows.count))
        return try Engine.run(bars: bars, targets: targets, costs: costs, limits: limits)
    }

    private func cents(_ value: Double) -> Double { (value * 100).rounded() / 100 }

    @Test func `commission per share is part of the sizing`() throws {
        let result = try run([quiet, quiet], [1, 1], Costs(perShare: 1))
        // 100,000 / (100 + 1) shares.
        #expect(cents(result.commissionPaid) == 990.10 && cents(result.equity[1]) == 99_009.90)
    }

    @Test func `a minimum commission is paid for each order`() throws {
        let result = try run([quiet, quiet, quiet, quiet], [0.01, -0.01, 0, 0], Costs(commission: 0.001, minimum: 25))
        // Three orders of 10, 20 and 10 shares, each far below the minimum; the one that turns round pays once.
        #expect(result.fills == 3 && cents(result.commissionPaid) == 75)
        #expect(cents(result.equity[3]) == 99_925)
    }

    @Test func `every fill pays half the spread`() throws {
        let result = try run([quiet, quiet, quiet], [0.5, 0, 0], Costs(spread: 0.02))
        // Bought at 101, sold at 99: 50,000 / 100.5 shares cost 2 each.
        #expect(cents(result.equity[2]) == 99_004.98)
    }

    @Test func `impact grows with the share of the volume, and with its root`() throws {
        let linear = try run([quiet, quiet], [1, 1], Costs(volumeImpact: 0.1))
        // 1,000 of 10,000 shares: a tenth of 0.1.
        #expect(linear.trades[0].entryPrice == 101)
        let root = try run([quiet, quiet], [1, 1], Costs(rootImpact: 0.1), volume: 100_000)
        #expect(abs(root.trades[0].entryPrice - 101) < 1e-12)
        // Without volume there is nothing to measure by.
        #expect(try run([quiet, quiet], [1, 1], Costs(rootImpact: 0.1), volume: 0).trades[0].entryPrice == 100)
    }

    @Test func `borrowed shares and borrowed cash cost by the day`() throws {
        let short = try run([quiet, quiet, quiet, quiet], [-1, -1, -1, -1], Costs(borrow: 0.365))
        // 0.1 % of 100,000 a day, for the two nights after the first fill.
        #expect(cents(short.financingPaid) == 200 && cents(short.equity[3]) == 99_800)
        let long = try run([quiet, quiet, quiet], [2, 2, 2], Costs(funding: 0.365), Limits(maxPosition: 2))
        #expect(cents(long.financingPaid) == 100 && cents(long.trades[0].pnl) == -100)
        #expect(try run([quiet, quiet, quiet], [1, 1, 1], Costs(funding: 0.365)).financingPaid == 0)
    }

    @Test func `a position is liquidated where equity is the maintenance margin`() throws {
        let limits = Limits(maxPosition: 4, maintenanceMargin: 0.2)
        // 4,000 shares on 300,000 borrowed: equity is a fifth of the value at 93.75.
        let result = try run([quiet, quiet, [98, 98, 90, 91], quiet], [4, 4, 4, 4], .none, limits)
        #expect(result.trades.map(\.exitReason) == [.liquidation] && abs(result.trades[0].exitPrice - 93.75) < 1e-9)
        #expect(cents(result.equity[3]) == 75_000)
        let short = try run([quiet, quiet, [101, 130, 100, 120]], [-2, -2, -2], .none, limits)
        // 300,000 of cash against 2,000 shares: equity is a fifth of the value at 125.
        #expect(abs(short.trades[0].exitPrice - 125) < 1e-9)
    }

    @Test func `a volume cap carries the rest on to the next bars`() throws {
        let rows = [quiet, quiet, [101, 101, 101, 101], [102, 102, 102, 102], quiet]
        let result = try run(rows, [1, 1, 1, 1, 1], .none, Limits(participation: 0.05), volume: 8_000)
        // 1,000 shares in bites of 400, 400 and 200.
        #expect(result.fills == 3 && result.trades[0].shares == 1000)
        #expect(abs(result.trades[0].entryPrice - (400 * 100 + 400 * 101 + 200 * 102) / 1000.0) < 1e-12)
        // A new target ends what was left of the old one.
        let turned = try run(rows, [1, 0, 0, 0, 0], .none, Limits(participation: 0.05), volume: 8_000)
        #expect(turned.trades[0].shares == 400 && turned.trades[0].exitIndex == 2)
    }

    @Test func `costs out of range are refused with their key, and absent ones are zero`() throws {
        for (key, path, range) in Costs.fields {
            var costs = Costs.none
            for bad in [-0.001, range.upperBound * 1.01, .nan, .infinity] {
                costs[keyPath: path] = bad
                do throws(BacktestError) {
                    try costs.validate()
                    Issue.record("\(key) of \(bad) was accepted")
                } catch {
                    #expect(error.place == .key("/\(key)"))
                }
            }
        }
        let read = try JSONDecoder().decode(Costs.self, from: Data(#"{"commission":0.001,"spread":0.002}"#.utf8))
        #expect(read == Costs(commission: 0.001, spread: 0.002))
        let written = try JSONDecoder().decode(Costs.self, from: JSONEncoder().encode(read))
        #expect(written == read)
        for value in [0, 1, -0.1, .nan] {
            #expect(throws: BacktestError.self) { try Limits(maintenanceMargin: value).validate() }
        }
        for value in [0, 1.1, -0.1, .nan] { #expect(throws: BacktestError.self) { try Limits(participation: value).validate() } }
    }
}
