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
        let log = TradeLog(initialCapital: 100_000)
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
            #expect(replay.fills == result.fills && replay.symbols == ["TEST"] && replay.initialCapital == 100_000)
            #expect(replay.records.count == log.records && replay.sha256 == log.sha256)
            #expect(abs(replay.commissionPaid - result.commissionPaid) < 1e-6)
            let equity = replay.equity(over: prices.bars)
            for i in equity.indices { #expect(abs(equity[i] - result.equity[i]) < 0.005, "seed \(seed) bar \(i)") }
        }
    }

    @Test func `a log changes nothing about the run`() throws {
        var generator = SplitMix64(seed: 4)
        let prices = try PricedBars(Markets.traded(&generator, count: 60))
        let targets = Markets.targets(&generator, count: 60)
        let log = TradeLog(initialCapital: 100_000)
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

    /// Lines with checks and a seal as anyone can make them, by another SHA-256.
    private func sealed(_ records: [String]) -> [UInt8] {
        var lines = ""
        var check: UInt64 = 0
        for record in records {
            check = Array((record + "\n").utf8).withUnsafeBytes { XXH64.hash($0, seed: check) }
            lines += String(format: "%08x", UInt32(truncatingIfNeeded: check)) + " " + record + "\n"
        }
        return [UInt8]((lines + "seal " + TradeLogTests.sha256(lines) + "\n").utf8)
    }

    @Test func `checks and seals that are sound over records that are not are refused`() throws {
        #expect(refusal(sealed(["run 2 1000 1 1", "series 0 X", "end 0 0 1000"])) == nil)
        #expect(refusal(sealed(["run 2 1000 1 1", "series 0 X", "end 0 0 1000.02"]))?.code == "E_LOG_END")
        let held = ["run 2 1000 1 1", "series 0 X", "fill 0 0 0 1 2 0 target"]
        #expect(refusal(sealed(held + ["close 0 3", "end 0 0 1001"])) == nil)
        // Without the close of what is held there is no equity.
        #expect(refusal(sealed(held + ["end 0 0 1001"]))?.code == "E_LOG_END")
        for records in [
            ["run 1 1000 1"], ["fill 0 0 0 1 1 0 target"], ["run 2 1000 1 0"], ["run 2 1000 1 1", "run 2 1000 1 1"],
            ["run 2 1000 1 1", "series 1 X"], ["run 2 1000 1 1", "series 0 X", "series 1 Y"],
            ["run 2 1000 1 2", "series 0 X", "fill 0 0 0 1 1 0 target"], held + ["fill 1 0 0 1 1 0 target"],
            held + ["close 0 3", "close 0 3"], held + ["fill 0 0 0 x 1 0 target"], held + ["fill 0 0 0 1 1 0 whim"],
            held + ["close 0 2", "end 0 0 1000", "finance 0 1 2"], ["run 2 nan 1 1"], ["run 2 1000 0 1"], [""],
        ] {
            #expect(refusal(sealed(records))?.code == "E_LOG_FORMAT", "\(records)")
        }
    }

    @Test func `whoever makes the checks anew is found by the seal, which names its lines`() throws {
        let records = try TradeReplay(run(6, count: 400).log.bytes).records.count
        let text = String(decoding: try run(6, count: 400).log.bytes, as: UTF8.self)
        let lines = text.split(separator: "\n").map(String.init)
        let first = try #require(lines.firstIndex { $0.hasPrefix("seal ") })
        var forged = lines[..<first].map { String($0.dropFirst(9)) }
        forged[0] = forged[0].replacingOccurrences(of: "100000", with: "200000")
        let checked = String(decoding: sealed(forged), as: UTF8.self).split(separator: "\n").dropLast().map(String.init)
        let error = try #require(refusal([UInt8]((checked + lines[first...]).joined(separator: "\n").utf8) + [10]))
        #expect(error.code == "E_LOG_CHAIN" && error.message.contains("lines 1 to \(first + 1)"), "\(error)")
        #expect(error.place == .text(file: "trades.log", line: first + 1, column: 1))
        // Every 64 records and the last one have a seal.
        #expect(lines.count { $0.hasPrefix("seal ") } == (records + 63) / 64 && lines.count > 65)
    }

    /// The words of a log's first line, and its second line.
    private func header(_ initialCapital: Double, symbol: String = "X") throws -> (words: [Substring], series: String) {
        let log = TradeLog(initialCapital: initialCapital)
        _ = try Engine.run(
            PricedBars(Markets.flat([1], symbol: symbol)), targets: [0], initialCapital: initialCapital, log: log)
        let lines = String(decoding: log.bytes, as: UTF8.self).split(separator: "\n")
        return (lines[0].split(separator: " "), String(lines[1].dropFirst(9)))
    }

    @Test func `numbers are written so that they read back`() throws {
        #expect(try header(0.1 + 0.2, symbol: "with space\nand line").series == "series 0 with space?and line")
        #expect(try header(0.1 + 0.2).words.dropFirst() == ["run", "2", "0.30000000000000004", "1", "1"])
        for (value, text) in [
            (99_999.25, "99999.25"), (3, "3"), (100_000_000, "100000000"), (1_234_567_890.5, "1234567890.5"), (0.001, "0.001"),
            (10, "10"), (0.1, "0.1"),
        ] { #expect(try header(value).words[3] == text) }
        for value in [
            1e-7, 1e17, 123_456_789.123456, .leastNonzeroMagnitude, 1.7e308, 3, 1 - 0x1p-53, 10 - 0x1p-50, 1e15 - 0.125,
        ] {
            #expect(Double(try header(value).words[3]) == value)
        }
    }

    @Test func `any double is written so that it reads back`() throws {
        var generator = SplitMix64(seed: 14)
        for i in 0..<4000 {
            var value = Double(bitPattern: generator.next())
            // Of random bits few are money, so half of them are made to be.
            if i.isMultiple(of: 2) { value = generator.uniform() * PortableMath.exp(80 * generator.uniform() - 30) }
            value = abs(value)
            guard value > 0, value < .infinity else { continue }
            let text = try header(value).words[3]
            #expect(Double(text)?.bitPattern == value.bitPattern, "\(value) became \(text)")
        }
    }
}
