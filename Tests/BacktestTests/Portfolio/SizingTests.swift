import Backtest
import Diagnostics
import Foundation
import MarketData
import Testing

/// Sizings against their formulas, through positions in markets without costs.
@Suite struct SizingTests {
    /// A flat line after a stretch of known returns: the weight is what is held once it is bought.
    private func weight(
        _ closes: [Double], signal: Double, _ kind: Sizing.Kind, others: Int = 0, limits: Limits = Limits(maxPosition: 4)
    ) throws -> Double {
        var prices = closes
        prices.append(closes[closes.count - 1])
        let series = try (0...others).map { try Markets.flat(prices, symbol: "S\($0)") }
        let signals = (0...others).map { number in
            prices.indices.map { $0 >= closes.count - 1 && number == 0 ? signal : 0 }
        }
        let universe = try Universe(series)
        let allocation = try Allocation(signals: signals, universe: universe, sizing: Sizing(kind), limits: limits)
        return try Portfolio.run(universe, allocation, limits: limits).positions[closes.count]
    }

    private let closes = [100.0, 102, 101, 103, 104, 103]
    private var returns: [Double] { zip(closes.dropFirst(), closes).map { $0 / $1 - 1 } }
    private var mean: Double { returns.reduce(0, +) / 5 }
    private var variance: Double { returns.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4 }

    @Test func `a fixed size is that fraction, or an equal share of all series`() throws {
        #expect(abs(try weight(closes, signal: 0.5, .fixed(size: 0.4)) - 0.2) < 1e-12)
        #expect(abs(try weight(closes, signal: -1, .fixed(size: nil), others: 3) + 0.25) < 1e-12)
    }

    @Test func `equal shares go to those that have a signal`() throws {
        #expect(abs(try weight(closes, signal: 1, .equal, others: 3) - 1) < 1e-12)
    }

    @Test func `a volatility target is reached by all series together`() throws {
        let expected = 0.2 / (2 * (variance * 252).squareRoot())
        #expect(abs(try weight(closes, signal: 1, .volatility(target: 0.2, window: 5), others: 1) - expected) < 1e-12)
        // Six returns cannot be had of six closes, so there is no weight yet.
        #expect(try weight(closes, signal: 1, .volatility(target: 0.2, window: 6)) == 0)
    }

    @Test func `fractional Kelly is mean over variance, up to its cap, and never against the signal`() throws {
        let full = mean / variance
        #expect(full > 4 && abs(try weight(closes, signal: 1, .kelly(fraction: 0.1, window: 5, cap: 4)) - 0.1 * full) < 1e-12)
        #expect(abs(try weight(closes, signal: 1, .kelly(fraction: 0.5, window: 5, cap: 0.3)) - 0.3) < 1e-12)
        #expect(try weight(closes, signal: -1, .kelly(fraction: 0.5, window: 5, cap: 0.3)) == 0)
        let falling = [100.0, 98, 99, 97, 96, 97]
        #expect(abs(try weight(falling, signal: -1, .kelly(fraction: 1, window: 5, cap: 0.25)) + 0.25) < 1e-12)
    }

    @Test func `weights are cut to the position cap and scaled to the gross limit together`() throws {
        let limits = Limits(maxPosition: 0.5, maxGross: 0.6)
        let series = try (0..<3).map { try Markets.flat([10, 10, 10], symbol: "S\($0)") }
        let universe = try Universe(series)
        let allocation = try Allocation(
            signals: [[1, 1, 1], [-0.25, -0.25, -0.25], [0.25, 0.25, 0.25]], universe: universe, sizing: Sizing(.fixed(size: 1)),
            limits: limits)
        let log = TradeLog(initialCapital: 100_000)
        _ = try Portfolio.run(universe, allocation, limits: limits, log: log)
        let shares = try TradeReplay(log.bytes).records.compactMap { record -> Double? in
            guard case .fill(_, _, _, let shares, _, _, _) = record else { return nil }
            return shares
        }
        // 0.5, -0.25 and 0.25 make 1, and the limit is 0.6 of that.
        #expect(zip(shares, [3000.0, -1500, 1500]).allSatisfy { abs($0 - $1) < 1e-9 } && shares.count == 3)
    }

    @Test func `a rebalance brings drifted positions back, and is the only thing that does`() throws {
        let a = try Markets.flat([100, 100, 150, 150, 150], symbol: "A"),
            b = try Markets.flat([100, 100, 100, 100, 100], symbol: "B")
        let universe = try Universe([a, b])
        let signals = [[1.0, 1, 1, 1, 1], [1.0, 1, 1, 1, 1]]
        let still = try Portfolio.run(universe, Allocation(signals: signals, universe: universe))
        #expect(still.fills == 2)
        let moved = try Portfolio.run(
            universe, Allocation(signals: signals, universe: universe, sizing: Sizing(.fixed(size: nil), rebalance: 2)))
        // At the close of bar 2 it is due: 83.33 of A's 500 shares are sold, and 125 of B are bought.
        #expect(moved.fills == 4 && abs(moved.turnover - (1 + 12_500 / 125_000 * 2)) < 1e-9)
    }

    @Test func `numbers out of range are refused with their key`() throws {
        let bad: [(Sizing, String)] = [
            (Sizing(.fixed(size: 0)), "/size"), (Sizing(.fixed(size: 4.1)), "/size"), (Sizing(.fixed(size: .nan)), "/size"),
            (Sizing(.volatility(target: 0, window: 20)), "/target"), (Sizing(.volatility(target: 0.1, window: 1)), "/window"),
            (Sizing(.volatility(target: 0.1, window: 5_001)), "/window"),
            (Sizing(.kelly(fraction: 1.5, window: 20, cap: 1)), "/fraction"),
            (Sizing(.kelly(fraction: 1, window: 20, cap: 5)), "/cap"),
            (Sizing(.equal, rebalance: 0), "/rebalance"), (Sizing(.equal, rebalance: 1_000_001), "/rebalance"),
        ]
        for (sizing, key) in bad {
            do throws(BacktestError) {
                try sizing.validate()
                Issue.record("\(sizing) was accepted")
            } catch {
                #expect(error.code == "E_SIZING_RANGE" && error.place == .key(key), "\(sizing)")
            }
        }
    }
}
