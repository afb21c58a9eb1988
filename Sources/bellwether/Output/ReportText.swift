import Backtest
import Cluster
import Foundation
import Glibc

/// A tear sheet on the terminal.
enum ReportText {
    static func render(_ report: ReportView, title: String) -> String {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let hasColour = isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        return render(report, title: title, width: isTerminal ? Terminal.width : 80, style: hasColour ? .ansi : .plain)
    }

    static func render(_ report: ReportView, title: String, width: Int, style: TearSheet.Style) -> String {
        let trades = report.trades.map { trade($0, report.times) }
        // A record that cannot be measured again still has the metrics that were stored with it.
        guard report.times.count == report.returns.count,
            let performance = try? Performance(returns: report.returns, trades: trades)
        else {
            return Table.pairs(
                [("out of sample", title)]
                    + report.metrics.sorted { $0.key < $1.key }.map { (Text.clean($0.key), TrialText.metric($0.key, $0.value)) })
        }
        let parameters = report.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \(TrialText.parameter($0.value))" }.joined(
            separator: ", ")
        // Reports do not say how trades ended, so the sheet gets their measures and not the trades themselves.
        let sheet = TearSheet(
            title: "\(title), trial \(report.trial), out of sample" + (parameters.isEmpty ? "" : ": \(parameters)"),
            performance: performance, times: report.times, returns: report.returns, deflatedSharpe: report.deflatedSharpe,
            trials: report.trialsCounted)
        return sheet.lines(width: width, style: style).joined(separator: "\n")
    }

    private static func trade(_ view: TradeView, _ times: [Int64]) -> Trade {
        Trade(
            symbol: view.symbol, entryIndex: index(of: view.entryTime, in: times), exitIndex: index(of: view.exitTime, in: times),
            entryTime: view.entryTime, exitTime: view.exitTime, side: view.shares < 0 ? .short : .long,
            entryPrice: view.entryPrice,
            exitPrice: view.exitPrice, shares: abs(view.shares), commission: 0, pnl: view.pnl, return: view.return,
            exitReason: .target)
    }

    /// The last bar that is not after `time`.
    private static func index(of time: Int64, in times: [Int64]) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
