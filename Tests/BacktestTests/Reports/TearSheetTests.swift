import Backtest
import Foundation
import MarketData
import Statistics
import Testing

@Suite struct TearSheetTests {
    /// Three years of a seeded market under a moving-average cross with costs, a stop and windows.
    private func sheet() throws -> TearSheet {
        var generator = SplitMix64(seed: 77)
        let bars = try Markets.random(&generator, count: 900, volatility: 0.01)
        let targets = try RuleStrategy.movingAverageCross(fast: 5, slow: 30, short: true).targets(bars: bars)
        let result = try Engine.run(
            bars: bars, targets: targets, costs: Costs(commission: 0.0005, slippage: 0.0002), limits: Limits(stopLoss: 0.05))
        let windows = try stride(from: 0, to: 900, by: 300).map { first in
            let part = Array(result.returns[first..<(first + 300)])
            let performance = try Performance(returns: part)
            return TearSheet.Window(
                first: result.times[first], last: result.times[first + 299], totalReturn: performance.totalReturn,
                sharpe: performance.sharpe, maxDrawdown: performance.maxDrawdown,
                trades: result.trades.count { (first..<(first + 300)).contains($0.exitIndex) })
        }
        return TearSheet(
            title: "ma-cross, out of sample", performance: try Performance(result), times: result.times,
            returns: result.returns, trades: result.trades, halted: result.halted, deflatedSharpe: 0.8125, trials: 40,
            windows: windows)
    }

    private func golden(_ name: String) throws -> [String] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Reference/\(name)")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
            .map(String.init)
    }

    @Test func `the sheet reads as in tearsheet.txt`() throws {
        let lines = try sheet().lines()
        #expect(lines == (try golden("tearsheet.txt")), "\(lines.joined(separator: "\n"))")
    }

    @Test func `a narrow sheet reads as in tearsheet-narrow.txt`() throws {
        let lines = try sheet().lines(width: 48)
        #expect(lines == (try golden("tearsheet-narrow.txt")), "\(lines.joined(separator: "\n"))")
    }

    @Test func `no line is wider than asked, and colours change nothing but colours`() throws {
        let sheet = try sheet()
        for width in [-5, 0, 40, 50, 51, 66, 67, 77, 78, 80, 100, 132, 200, 5000] {
            let plain = sheet.lines(width: width)
            for line in plain { #expect(line.count <= min(max(width, 40), 200), "width \(width): \(line)") }
            #expect(plain.allSatisfy { !$0.contains("\u{1B}") && !$0.contains("\n") })
            let coloured = sheet.lines(width: width, style: .ansi)
            #expect(coloured.contains { $0.contains("\u{1B}[1m") } && coloured.contains { $0.contains("\u{1B}[31m") })
            let stripped = coloured.map { line in
                var text = line.replacing(/\u{1B}\[[0-9]+m/, with: "")
                while text.last == " " { text.removeLast() }
                return text
            }
            #expect(stripped == plain, "width \(width)")
        }
    }

    @Test func `a sheet of nothing is short and whole`() throws {
        let empty = TearSheet(title: "", performance: try Performance(returns: []), times: [], returns: [])
        #expect(empty.lines().count >= 10 && empty.lines().allSatisfy { $0.count <= 80 })
        #expect(empty.lines().contains { $0.hasPrefix("Annual") && $0.contains("–") })
        #expect(!empty.lines().contains("Growth of 1"))
    }

    @Test func `times that do not match the returns, and wild values, do no harm`() throws {
        let wild = TearSheet(
            title: "x", performance: try Performance(returns: [1e200, -0.9, 1e200]), times: [.min, .max],
            returns: [1e200, .nan, -3],
            halted: 99,
            windows: [.init(first: .min, last: .max, totalReturn: .nan, sharpe: .infinity, maxDrawdown: 1e300, trades: 0)])
        for width in [40, 60, 80] {
            let lines = wild.lines(width: width)
            #expect(lines.count > 10 && lines.allSatisfy { $0.count <= width })
        }
        let flat = TearSheet(
            title: "x", performance: try Performance(returns: [0, 0, -1.5, 2]), times: [0, 1, 2, 3], returns: [0, 0, -1.5, 2])
        #expect(flat.lines().contains("Growth of 1"))
    }

    @Test func `a title cannot steer the terminal`() throws {
        let sheet = TearSheet(
            title: "a\u{1B}[2Jb\nc\u{202E}d", performance: try Performance(returns: [0.1]), times: [0], returns: [0.1])
        #expect(sheet.lines()[0] == "a?[2Jb?c?d")
    }
}
