import ArgumentParser
import Backtest
import Diagnostics
import Foundation
import MarketData
import Specs
import TestSupport
import Testing

@testable import bellwether

/// A rule from its spec to its trade log and back, in one folder.
@Suite struct BacktestCommandTests {
    private let home: TemporaryHome

    init() throws {
        home = try TemporaryHome()
        _ = try Catalogue(root: home.path).add(
            SyntheticMarket(seed: 3, symbols: ["AAA", "BBB"], bars: 400).generate(), name: "tiny", importedAt: 1)
    }

    private func spec(_ strategy: String) throws -> String {
        try home.write(
            "job-\(strategy.count).yaml",
            "job: backtest\nname: t\ndataset: tiny\nstrategy: \(strategy)\ncosts: {commission: 0.001, borrow: 0.02}\n")
    }

    private func rule() throws -> String {
        try spec("{rule: {expression: \"long when close > sma_20; short 0.5 when close < sma_20\"}}")
    }

    private func run(_ arguments: String...) async throws {
        let parsed = try Bellwether.parseAsRoot(arguments + ["--home", home.path])
        var command = try #require(parsed as? any AsyncParsableCommand)
        try await command.run()
    }

    private func code(_ arguments: String...) async -> String? {
        do {
            let parsed = try Bellwether.parseAsRoot(arguments + ["--home", home.path])
            guard var command = parsed as? any AsyncParsableCommand else { return "no command" }
            try await command.run()
        } catch let error as SpecErrors {
            return error.code
        } catch let error as any DiagnosticError {
            return error.code
        } catch {
            return "\(type(of: error))"
        }
        return nil
    }

    @Test func `a rule is certified, logged and replayed, and a changed byte is found`() async throws {
        let file = try rule(), log = home.path + "/trades.log"
        try await run("backtest", "certify", file, "--trials", "5")
        try await run("backtest", "log", file, "--symbol", "BBB", "--output", log)
        try await run("backtest", "replay", log)
        var bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: log)))
        let replay = try TradeReplay(bytes)
        #expect(replay.symbols == ["BBB"] && replay.fills > 5)
        bytes[bytes.count / 2] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: log))
        #expect(await code("backtest", "replay", log) == "E_LOG_CHAIN")
    }

    @Test func `the series of a dataset share one cash pool in the log`() async throws {
        let file = try rule(), log = home.path + "/all.log"
        try await run("backtest", "log", file, "--output", log)
        try await run("backtest", "replay", log)
        let replay = try TradeReplay([UInt8](Data(contentsOf: URL(fileURLWithPath: log))))
        #expect(replay.symbols == ["AAA", "BBB"] && replay.initialCapital == 100_000 && replay.fills > 10)
    }

    @Test func `what cannot be done is refused`() async throws {
        let file = try rule(), log = home.path + "/there.log"
        #expect(await code("backtest", "log", file, "--symbol", "CCC", "--output", log) == "E_BACKTEST_SYMBOL")
        _ = try home.write("there.log", "kept")
        #expect(await code("backtest", "log", file, "--symbol", "AAA", "--output", log) == "E_LOG_FILE")
        #expect(try String(contentsOfFile: log, encoding: .utf8) == "kept")
        #expect(await code("backtest", "replay", log) == "E_LOG_END")
        #expect(await code("backtest", "replay", home.path) == "E_LOG_FILE")
        let drill = try home.write("drill.yaml", "job: drill\nname: d\ntasks: 1\nwork: {kind: none}\n")
        #expect(await code("backtest", "certify", drill) == "E_BACKTEST_KIND")
        #expect(await code("backtest", "certify", try spec("{rule: {expression: \"long when clse > 1\"}}")) == "E_RULE_NAME")
    }
}
