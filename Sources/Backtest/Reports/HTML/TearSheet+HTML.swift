extension TearSheet {
    /// The sheet as one HTML file that needs nothing else: no scripts, no fonts, no pictures from elsewhere. The same sheet
    /// always makes the same bytes.
    package func html() -> String {
        let course = Course(self)
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(Markup.text(title))</title>
            <style>
            \(PageStyle.css)
            </style>
            </head>
            <body>
            <header><h1>\(Markup.text(title))</h1>
            <p>\(Markup.text(range))</p></header>
            \(Headline(sheet: self).html)\(charts(course))\(course == nil ? "" : MonthTable(sheet: self).html)\(distributions)\
            \(AttributionTables(sheet: self).html)\
            \(WindowTable(sheet: self).html)\(TradeTable(sheet: self).html)\(provenance)</body>
            </html>

            """
    }

    private var range: String {
        var facts = ["Out of sample", "\(performance.periods) bar\(performance.periods == 1 ? "" : "s")"]
        if let first = times.first, let last = times.last { facts.append("\(Self.date(first)) to \(Self.date(last))") }
        return facts.joined(separator: " · ")
    }

    private func charts(_ course: Course?) -> String {
        guard let course else {
            return "<section><h2>Equity</h2>\n<p>Charts need two bars or more, with times in order.</p></section>\n"
        }
        var figures = EquityChart(course, isCompounded: performance.profile.isCompounded).figure(width: 980)
        let deepest = deepestDrawdown.map { "Deepest \($0)." }
        figures += UnderwaterChart(course, deepest: deepest).figure(width: 980)
        figures += RollingSharpeChart(course, self)?.figure(width: 980) ?? ""
        let halt = halted.map { "<p>Trading stopped for good on \(date(at: $0)).</p>\n" } ?? ""
        return "<section><h2>Equity</h2>\n\(halt)\(figures)</section>\n"
    }

    private var distributions: String {
        let figures = (ReturnChart(self)?.figure(width: 475) ?? "") + (TrialChart(self)?.figure(width: 475) ?? "")
        guard !figures.isEmpty else { return "" }
        return "<section><h2>Distributions</h2>\n<div class=\"columns two\">\n\(figures)</div></section>\n"
    }

    private var provenance: String {
        guard !facts.isEmpty else { return "" }
        let rows = facts.map { "<tr><th>\(Markup.text($0.name))</th><td>\(Markup.text($0.value))</td></tr>\n" }
        return "<section><h2>Where it comes from</h2>\n<table class=\"facts\">\n\(rows.joined())</table></section>\n"
    }
}
