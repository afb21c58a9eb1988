import Backtest
import Cluster
import Foundation
import Glibc

/// A tear sheet on the terminal.
enum ReportText {
    static func render(_ report: ReportView, title: String, factors: FactorRegression? = nil) -> String {
        let isTerminal = isatty(STDOUT_FILENO) == 1
        let hasColour = isTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
        return render(
            report, title: title, width: isTerminal ? Terminal.width : 80, style: hasColour ? .ansi : .plain, factors: factors)
    }

    static func render(
        _ report: ReportView, title: String, width: Int, style: TearSheet.Style, factors: FactorRegression? = nil
    ) -> String {
        // A record that cannot be measured again still has the metrics that were stored with it.
        guard report.times.count == report.returns.count, var sheet = try? report.sheet(title: sheetTitle(report, title)) else {
            return Table.pairs(
                [("out of sample", title)]
                    + report.metrics.sorted { $0.key < $1.key }.map { (Text.clean($0.key), TrialText.metric($0.key, $0.value)) })
        }
        sheet.factors = factors
        return sheet.lines(width: width, style: style).joined(separator: "\n")
    }

    private static func sheetTitle(_ report: ReportView, _ title: String) -> String {
        let parameters = report.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \(TrialText.parameter($0.value))" }.joined(
            separator: ", ")
        return "\(title), trial \(report.trial), out of sample" + (parameters.isEmpty ? "" : ": \(parameters)")
    }
}
