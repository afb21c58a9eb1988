import ArgumentParser
import Backtest
import Diagnostics
import Foundation
import MarketData

/// `bellwether backtest log`.
struct BacktestLogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Runs a rule and writes its trade log.",
        discussion: """
            The series of the dataset share one cash pool. Every fill is a line, chained
            by hashes; bellwether backtest replay rebuilds the equity from the file alone.

            EXAMPLES
              bellwether backtest log jobs/spx-rule.yaml --output trades.log
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        var name: String
        var symbols: [String]
        var records: Int
        var equity: Double?
        var sha256: String
    }

    @Argument(help: "A spec of job: backtest with a rule.", completion: .file(extensions: ["yaml", "yml", "json"]))
    var file: String

    @Option(help: "The only series to trade; all of the dataset by default.")
    var symbol: String?

    @Option(help: "The file to write; it must not be there yet.")
    var output: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let backtest = try RuleBacktest(file: file, catalogue: common.catalogue())
        let traded = backtest.series.filter { symbol == nil || $0.symbol == symbol }
        guard !traded.isEmpty else {
            let symbols = backtest.series.prefix(20).map(\.symbol).joined(separator: ", ")
            throw CommandError(
                "E_BACKTEST_SYMBOL", .input, "the dataset has no series \(Text.clean(symbol ?? ""))",
                hint: "name one of \(symbols)")
        }
        let log = TradeLog(initialCapital: 100_000)
        let result = try backtest.run(traded, log: log)
        do {
            try Data(log.bytes).write(to: URL(fileURLWithPath: output), options: .withoutOverwriting)
        } catch {
            throw CommandError(
                "E_LOG_FILE", .input, "\(output) cannot be written: \(error.localizedDescription)", place: .file(output))
        }
        let view = View(
            name: backtest.name, symbols: traded.map(\.symbol), records: log.records, equity: result.equity.last,
            sha256: log.sha256)
        try common.show(view) {
            "\(log.records) records in \(output), the last equity \(String(format: "%.2f", result.equity.last ?? 100_000))\nsha256 \(log.sha256)"
        }
    }
}
