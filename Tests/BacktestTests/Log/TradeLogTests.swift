import Backtest
import Diagnostics
import Foundation
import MarketData
import Statistics
import Testing

@Suite struct TradeLogTests {
    /// A run with every cost, and its log.
    private func run(_ seed: UInt64 = 1, count: Int = 80) throws -> (prices: PricedBars, result: BacktestResult, log: TradeLog) {
        var generator = SplitMix64(seed: seed)
        let prices = try PricedBars(Markets.traded(&generator, count: count))
        let (costs, limits) = Markets.allRules(&generator)
        let log = TradeLog(symbol: "TEST", initialCapital: 100_000)
        let result = try Engine.run(
            prices, targets: Markets.targets(&generator, count: count), costs: costs, limits: limits, log: log)
        return (prices, result, log)
    }

    private func refusal(_ bytes: [UInt8]) -> BacktestError? {
        do throws(BacktestError) { _ = try TradeReplay(bytes, file: "trades.log") } catch { return error }
        return nil
    }

    @Test func `replaying gives the equity of every bar to the cent`() throws {
        for seed in 0..<200 {
            let (prices, result, log) = try run(UInt64(seed))
            let replay = try TradeReplay(log.bytes)
            #expect(replay.fills == result.fills && replay.symbol == "TEST" && replay.initialCapital == 100_000)
            #expect(replay.records.count == log.lines && replay.sha256 == log.sha256)
            #expect(abs(replay.commissionPaid - result.commissionPaid) < 1e-6)
            let equity = replay.equity(over: prices.bars)
            for i in equity.indices { #expect(abs(equity[i] - result.equity[i]) < 0.005, "seed \(seed) bar \(i)") }
        }
    }

    @Test func `a log changes nothing about the run`() throws {
        var generator = SplitMix64(seed: 4)
        let prices = try PricedBars(Markets.traded(&generator, count: 60))
        let targets = Markets.targets(&generator, count: 60)
        let log = TradeLog(symbol: "TEST", initialCapital: 100_000)
        #expect(try Engine.run(prices, targets: targets, log: log) == Engine.run(prices, targets: targets))
    }

    @Test func `any changed byte is found, and its line is named`() throws {
        let bytes = try run(3, count: 25).log.bytes
        var line = 1
        for place in bytes.indices {
            var changed = bytes
            changed[place] ^= 1
            let error = try #require(refusal(changed), "byte \(place)")
            #expect(error.category == .integrity, "byte \(place)")
            // A line feed that is gone joins its line with the next one; the last one's absence is a missing end.
            let isLast = place == bytes.count - 1
            #expect(error.place == .text(file: "trades.log", line: line, column: 1), "byte \(place): \(error)")
            #expect(isLast || error.code == "E_LOG_CHAIN", "byte \(place): \(error)")
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
        }
    }

    @Test func `lines that are gone, doubled or exchanged are found`() throws {
        let text = String(decoding: try run(5).log.bytes, as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        func code(_ lines: [String]) -> String? { refusal([UInt8]((lines.joined(separator: "\n") + "\n").utf8))?.code }
        #expect(lines.count > 6 && code(lines) == nil)
        var changed = lines
        changed.remove(at: 3)
        #expect(code(changed) == "E_LOG_CHAIN")
        changed = lines
        changed.insert(lines[3], at: 3)
        #expect(code(changed) == "E_LOG_CHAIN")
        changed = lines
        changed.swapAt(3, 4)
        #expect(code(changed) == "E_LOG_CHAIN")
        #expect(code(lines.dropLast()) == "E_LOG_END" && code([]) != nil && refusal([]) != nil)
        #expect(code(lines + lines) == "E_LOG_CHAIN")
    }

    @Test func `a chain that is sound over records that are not is refused`() throws {
        func sealed(_ records: [String]) -> [UInt8] {
            // The chain as anyone can make it.
            var lines = ""
            var all = ""
            for record in records {
                all += record + "\n"
                lines += TradeLogTests.sha256(all) + " " + record + "\n"
            }
            return [UInt8](lines.utf8)
        }
        #expect(refusal(sealed(["run 1 1000 X", "end 0 0 1 1000"])) == nil)
        #expect(refusal(sealed(["run 1 1000 X", "end 0 0 1 1000.02"]))?.code == "E_LOG_END")
        #expect(refusal(sealed(["run 1 1000 X", "fill 0 0 1 2 0 target", "end 0 0 3 1001"])) == nil)
        for records in [
            ["run 2 1000 X"], ["fill 0 0 1 1 0 target"], ["run 1 1000 X", "run 1 1000 X"],
            ["run 1 1000 X", "fill 0 0 x 1 0 target"],
            ["run 1 1000 X", "fill 0 0 1 1 0 whim"], ["run 1 1000 X", "end 0 0 1 1000", "finance 1 2"], ["run 1 nan X"], [""],
        ] {
            #expect(refusal(sealed(records))?.code == "E_LOG_FORMAT", "\(records)")
        }
    }

    @Test func `numbers are written so that they read back`() throws {
        let log = TradeLog(symbol: "with space\nand line", initialCapital: 0.1 + 0.2)
        let text = String(decoding: log.bytes, as: UTF8.self)
        #expect(text.hasSuffix(" run 1 0.30000000000000004 with space?and line\n"))
        let plain = String(decoding: TradeLog(symbol: "X", initialCapital: 99_999.25).bytes, as: UTF8.self)
        #expect(plain.hasSuffix(" run 1 99999.25 X\n"))
        for value in [1e-7, 1e17, 123_456_789.123456, .leastNonzeroMagnitude, 1.7e308, 3] {
            let line = String(decoding: TradeLog(symbol: "X", initialCapital: value).bytes, as: UTF8.self)
            #expect(Double(line.split(separator: " ")[3]) == value)
        }
    }

    @Test func `any double is written so that it reads back`() {
        var generator = SplitMix64(seed: 14)
        for i in 0..<4000 {
            var value = Double(bitPattern: generator.next())
            // Of random bits few are money, so half of them are made to be.
            if i.isMultiple(of: 2) { value = (generator.uniform() - 0.5) * PortableMath.exp(80 * generator.uniform() - 30) }
            guard value.isFinite else { continue }
            let line = String(decoding: TradeLog(symbol: "X", initialCapital: value).bytes, as: UTF8.self)
            let text = line.split(separator: " ")[3]
            #expect(Double(text)?.bitPattern == value.bitPattern, "\(value) became \(text)")
        }
    }
}
