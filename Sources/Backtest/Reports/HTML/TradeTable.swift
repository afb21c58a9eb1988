/// The trades: the worst, the best, and all of them to open.
struct TradeTable {
    let sheet: TearSheet

    private static let extremes = 5
    private static let mostRows = 2000

    var html: String {
        let trades = sheet.trades
        guard !trades.isEmpty else { return "<section><h2>Trades</h2>\n<p>There were none.</p></section>\n" }
        // Equal returns keep their order, so that the same trades always make the same page.
        let ranked = trades.indices.filter { trades[$0].return.isFinite }.sorted {
            (trades[$0].return, $0) < (trades[$1].return, $1)
        }
        var parts = "<section><h2>Trades</h2>\n<p>\(summary)</p>\n"
        if trades.count > 2 * Self.extremes {
            parts += "<h3>The \(Self.extremes) worst</h3>\n" + table(ranked.prefix(Self.extremes).map { trades[$0] })
            parts += "<h3>The \(Self.extremes) best</h3>\n" + table(ranked.suffix(Self.extremes).reversed().map { trades[$0] })
            let name = trades.count > Self.mostRows ? "The last \(Self.mostRows) of \(trades.count) trades" : "All trades"
            parts += "<details><summary>\(name)</summary>\n\(table(trades.suffix(Self.mostRows)))</details>"
        } else {
            parts += table(trades)
        }
        return parts + "</section>\n"
    }

    private var summary: String {
        let statistics = sheet.performance.trades
        return "\(statistics.count) trades, \(Format.percent(statistics.winRate, 1)) of them gains; average return "
            + Markup.number(Format.gain(statistics.averageReturn)) + " a trade, net of costs."
    }

    private func table(_ trades: some Sequence<Trade>) -> String {
        var rows =
            "<tr><th>Entry</th><th>Exit</th><th>Symbol</th><th>Side</th><th class=\"wide\">Shares</th><th class=\"wide\">In at</th>"
            + "<th class=\"wide\">Out at</th><th>Return %</th><th class=\"wide\">Gain</th><th class=\"wide\">Ended</th></tr>\n"
        for trade in trades {
            rows += "<tr><td>\(TearSheet.date(trade.entryTime))</td><td>\(TearSheet.date(trade.exitTime))</td>"
            rows += "<td>\(Markup.text(Format.cut(trade.symbol, to: 24)))</td><td>\(trade.side.rawValue)</td>"
            for value in [trade.shares, trade.entryPrice, trade.exitPrice] {
                rows += "<td class=\"wide\">\(Markup.number(Format.number(value)))</td>"
            }
            rows += "<td class=\"\(Markup.sign(trade.return))\">\(Markup.number(Format.number(trade.return * 100)))</td>"
            rows += "<td class=\"wide \(Markup.sign(trade.pnl))\">\(Markup.number(Format.number(trade.pnl)))</td>"
            rows += "<td class=\"wide\">\(TearSheet.words(trade.exitReason))</td></tr>\n"
        }
        return "<table class=\"rows\">\n\(rows)</table>\n"
    }
}
