import ArgumentParser
import Backtest
import Diagnostics
import Foundation
import MarketData

/// `bellwether backtest log`.
struct BacktestLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Runs a rule on one series and writes its trade log.",
        discussion: """
            Every fill is a line, sealed by the hash of all lines up to it;
            bellwether backtest replay rebuilds the equity from the file alone.

            EXAMPLES
              bellwether backtest log jobs/spx-rule.yaml --output trades.log
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        var name: String
        var symbol: String
        var lines: Int
        var equity: Double?
        var sha256: String
    }

    @Argument(help: "A spec of job: backtest with a rule.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String

    @Option(help: "The series; needed when the dataset has several.")
    var symbol: String?

    @Option(help: "The file to write; it must not be there yet.")
    var output: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let backtest = try RuleBacktest(file: file, catalogue: common.catalogue())
        let matching = backtest.series.filter { symbol == nil || $0.bars.symbol == symbol }
        guard matching.count == 1 else {
            let symbols = backtest.series.prefix(20).map(\.bars.symbol).joined(separator: ", ")
            throw CommandError(
                "E_BACKTEST_SYMBOL", .input, "the log is of one series", hint: "name it with --symbol, one of \(symbols)")
        }
        let prices = matching[0]
        let log = TradeLog(symbol: prices.bars.symbol, initialCapital: 100_000)
        let result = try Engine.run(
            prices, targets: backtest.rule.targets(bars: prices.bars), costs: backtest.costs, limits: backtest.limits, log: log)
        do {
            try Data(log.bytes).write(to: URL(fileURLWithPath: output), options: .withoutOverwriting)
        } catch {
            throw CommandError(
                "E_LOG_FILE", .input, "\(output) cannot be written: \(error.localizedDescription)", place: .file(output))
        }
        let view = View(
            name: backtest.name, symbol: prices.bars.symbol, lines: log.lines, equity: result.equity.last, sha256: log.sha256)
        try common.show(view) {
            "\(log.lines) lines in \(output), the last equity \(String(format: "%.2f", result.equity.last ?? 100_000))\nsha256 \(log.sha256)"
        }
    }
}
