/// Where the gain comes from: one table for each thing that trades have in common, and what a benchmark and factors explain.
struct AttributionTables {
    let sheet: TearSheet

    /// Empty without trades and without a benchmark.
    var html: String {
        let tables = sheet.trades.isEmpty ? [] : sheet.attributionTables
        let facts = sheet.comparisonFacts.map { "<p>\(Markup.text($0))</p>\n" }.joined()
        guard !tables.isEmpty || !facts.isEmpty else { return "" }
        let columns = tables.map { table($0.heading, $0.parts) }.joined()
        return "<section><h2>Where the gain comes from</h2>\n\(facts)<div class=\"columns two\">\n\(columns)</div></section>\n"
    }

    private func table(_ heading: String, _ parts: [Attribution.Part]) -> String {
        var rows = "<tr><th>\(Markup.text(heading))</th><th>Trades</th><th>Gain</th></tr>\n"
        for part in parts {
            rows += "<tr><th>\(Markup.text(Format.cut(part.name, to: 32)))</th><td>\(part.trades)</td>"
            rows += "<td class=\"\(Markup.sign(part.pnl))\">\(Markup.number(Format.number(part.pnl)))</td></tr>\n"
        }
        return "<table class=\"rows\">\n\(rows)</table>\n"
    }
}
