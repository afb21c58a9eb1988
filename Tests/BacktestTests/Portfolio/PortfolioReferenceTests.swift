import Backtest
import Foundation
import MarketData
import Testing

/// Portfolios against portfolio.json, made by an independent engine in Python (make_portfolio.py).
@Suite struct PortfolioReferenceTests {
    private struct File: Decodable {
        let scenarios: [Scenario]
    }

    private struct Scenario: Decodable {
        struct Series: Decodable {
            let symbol: String
            let days: [Int]
            let bars: [[Double]]
            let signals: [Double]
        }

        struct Size: Decodable {
            let kind: String
            let size, target, fraction, cap: Double?
            let window, rebalance: Int?
        }

        struct Result: Decodable {
            let equity: [Double]
            let trades: [Trade]
            let commissionPaid, financingPaid: Double
            let halted: Int?
        }

        let series: [Series]
        let sizing: Size
        let costs: Costs
        let maxPosition, maxGross: Double
        let stopLoss, maxDrawdown: Double?
        let result: Result
    }

    private struct Trade: Decodable, Equatable {
        let exit: Int
        let symbol: String
        let entry, side: Int
        let pnl: Double
        let reason: String

        init(_ trade: Backtest.Trade) {
            (exit, symbol, entry) = (trade.exitIndex, trade.symbol, trade.entryIndex)
            (side, pnl, reason) = (trade.side == .long ? 1 : -1, trade.pnl, trade.exitReason.rawValue)
        }

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            exit = try values.decode(Int.self)
            symbol = try values.decode(String.self)
            entry = try values.decode(Int.self)
            side = try values.decode(Int.self)
            pnl = try values.decode(Double.self)
            reason = try values.decode(String.self)
        }

        func isSame(_ other: Trade) -> Bool {
            exit == other.exit && symbol == other.symbol && entry == other.entry && side == other.side && reason == other.reason
                && abs(pnl - other.pnl) < 1e-5
        }
    }

    private func bars(_ series: Scenario.Series) throws -> Bars {
        let close = series.bars.map { $0[3] }
        return try Bars(
            symbol: series.symbol, time: series.days.map { Markets.start + Int64($0) * Markets.day },
            open: series.bars.map { $0[0] }, high: series.bars.map { $0[1] }, low: series.bars.map { $0[2] }, close: close,
            adjustedClose: close, volume: close.map { _ in 0 })
    }

    private func sizing(_ size: Scenario.Size) -> Sizing {
        let kind: Sizing.Kind =
            switch size.kind {
            case "equal": .equal
            case "volatility": .volatility(target: size.target ?? 0, window: size.window ?? 0)
            case "kelly": .kelly(fraction: size.fraction ?? 0, window: size.window ?? 0, cap: size.cap ?? 0)
            default: .fixed(size: size.size)
            }
        return Sizing(kind, rebalance: size.rebalance)
    }

    @Test func `runs match an independent engine in Python on both paths`() throws {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../Reference/portfolio.json")
        let file = try JSONDecoder().decode(File.self, from: Data(contentsOf: url))
        #expect(file.scenarios.count == 5)
        for (number, scenario) in file.scenarios.enumerated() {
            let universe = try Universe(scenario.series.map(bars))
            let limits = Limits(
                maxPosition: scenario.maxPosition, maxGross: scenario.maxGross, maxDrawdown: scenario.maxDrawdown,
                stopLoss: scenario.stopLoss)
            let allocation = try Allocation(
                signals: scenario.series.map(\.signals), universe: universe, sizing: sizing(scenario.sizing), limits: limits)
            let expected = scenario.result
            for result in [
                try Portfolio.run(universe, allocation, costs: scenario.costs, limits: limits),
                try Portfolio.run(universe, strategy: AllocationFollower(allocation), costs: scenario.costs, limits: limits),
            ] {
                // Positions there are found by bisection, to about 1e-9 shares.
                for i in expected.equity.indices {
                    #expect(abs(result.equity[i] - expected.equity[i]) < 1e-5, "scenario \(number) bar \(i)")
                }
                #expect(abs(result.commissionPaid - expected.commissionPaid) < 1e-6, "scenario \(number)")
                #expect(abs(result.financingPaid - expected.financingPaid) < 1e-6 && result.halted == expected.halted)
                let trades = result.trades.map(Trade.init)
                #expect(trades.count == expected.trades.count, "scenario \(number)")
                for (a, b) in zip(trades, expected.trades) { #expect(a.isSame(b), "scenario \(number): \(a) is not \(b)") }
            }
        }
    }
}
