extension TearSheet {
    /// The sheet as one HTML file that needs nothing else. The same sheet always makes the same bytes.
    package func html() -> String {
        let course = Course(self)
        let body =
            Headline(sheet: self).html + charts(course) + (course == nil ? "" : MonthTable(sheet: self).html) + distributions
            + AttributionTables(sheet: self).html + WindowTable(sheet: self).html + (study?.sections ?? "")
            + TradeTable(sheet: self).html + Page.provenance(facts)
        return Page.html(title: title, subtitle: range, body: body)
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
}
