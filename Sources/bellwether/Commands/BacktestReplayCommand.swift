import ArgumentParser
import Backtest
import Diagnostics
import Foundation

/// `bellwether backtest replay`.
struct BacktestReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Rebuilds the equity from a trade log, and checks every line of it.",
        discussion: """
            Each line of a trade log carries a check of the lines up to it, and every 64
            of them the SHA-256 of all. The first line that was changed is named; so is a
            log that was cut off. Ends with exit code 3 when the log is not what was
            written.

            EXAMPLES
              bellwether backtest replay trades.log
            """)

    /// What `--json` prints.
    private struct View: Encodable {
        var symbols: [String]
        var initialCapital: Double
        var equity: Double
        var orders: Int
        var fills: Int
        var commissionPaid: Double
        var records: Int
        var sha256: String
    }

    @Argument(help: "The trade log.")
    var file: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let size = attributes?[.size] as? Int, size <= Self.largestFile,
            let data = try? Data(contentsOf: URL(fileURLWithPath: file))
        else {
            throw CommandError(
                "E_LOG_FILE", .input, "\(file) cannot be read as a trade log", hint: "name a file of at most 1 GiB")
        }
        let replay = try TradeReplay([UInt8](data), file: file)
        let view = View(
            symbols: replay.symbols, initialCapital: replay.initialCapital, equity: replay.equity, orders: replay.orders,
            fills: replay.fills, commissionPaid: replay.commissionPaid, records: replay.records.count, sha256: replay.sha256)
        try common.show(view) {
            """
            \(view.records) records are sound: \(view.fills) fills, \(view.orders) orders in \(Self.list(view.symbols))
            equity      \(Self.money(view.initialCapital)) -> \(Self.money(view.equity))
            commission  \(Self.money(view.commissionPaid))
            sha256      \(view.sha256)
            """
        }
    }

    private static let largestFile = 1 << 30

    private static func list(_ symbols: [String]) -> String {
        Text.clean(symbols.prefix(5).joined(separator: ", ")) + (symbols.count > 5 ? " and \(symbols.count - 5) more" : "")
    }

    private static func money(_ value: Double) -> String { String(format: "%.2f", value) }
}
