/// The walk-forward windows, one a row.
struct WindowTable {
    let sheet: TearSheet

    /// The most rows that are shown at once; the rest is the reader's to open.
    private static let mostShown = 12
    private static let mostRows = 1000

    /// Empty without windows.
    var html: String {
        let windows = sheet.windows
        guard !windows.isEmpty else { return "" }
        let hasTrain = windows.contains { $0.trainSharpe != nil }
        var rows =
            "<tr><th>#</th><th>Tested from</th><th class=\"wide\">to</th>" + (hasTrain ? "<th>Train Sharpe</th>" : "")
            + "<th>\(hasTrain ? "Test Sharpe" : "Sharpe")</th><th>Return %</th><th>Drawdown %</th><th class=\"wide\">Trades</th></tr>\n"
        for (number, window) in windows.suffix(Self.mostRows).enumerated() {
            rows += "<tr><th>\(windows.count - min(windows.count, Self.mostRows) + number + 1)</th>"
            rows += "<td>\(TearSheet.date(window.first))</td><td class=\"wide\">\(TearSheet.date(window.last))</td>"
            if hasTrain { rows += Self.cell(Format.number(window.trainSharpe ?? .nan), window.trainSharpe) }
            rows += Self.cell(Format.number(window.sharpe), window.sharpe)
            rows += Self.cell(Format.number(window.totalReturn * 100), window.totalReturn)
            rows += Self.cell(Format.number(window.maxDrawdown * 100), nil) + "<td class=\"wide\">\(window.trades)</td></tr>\n"
        }
        let table = "<table class=\"rows\">\n\(rows)</table>\n"
        let gains = windows.count { $0.totalReturn > 0 }
        let left = windows.count > Self.mostRows ? " The last \(Self.mostRows) are listed." : ""
        let summary = "\(gains) of \(windows.count) windows gained, each as its part of the whole record above.\(left)"
        let chart = WindowChart(sheet)?.figure(width: 980) ?? ""
        let list =
            windows.count > Self.mostShown
            ? "<details><summary>All windows</summary>\n\(table)</details>" : table
        return "<section><h2>Walk-forward windows</h2>\n<p>\(summary)</p>\n\(chart)\(list)</section>\n"
    }

    private static func cell(_ text: String, _ sign: Double?) -> String {
        "<td class=\"\(Markup.sign(sign))\">\(Markup.number(text))</td>"
    }
}
