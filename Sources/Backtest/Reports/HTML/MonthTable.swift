/// Returns by month and year as a table whose cells are coloured by sign and size.
struct MonthTable {
    let sheet: TearSheet

    var html: String {
        var rows = "<tr><th></th>" + TearSheet.months.map { "<th>\($0)</th>" }.joined() + "<th>Year</th></tr>\n"
        for year in sheet.years().suffix(TearSheet.mostYears) {
            rows += "<tr><th>\(year.number)</th>"
            rows += year.months.map { Self.cell($0.map { $0 - 1 }, shade: 0.1) }.joined()
            rows += Self.cell(year.total - 1, shade: 0.4) + "</tr>\n"
        }
        return "<section><h2>Returns by month, %</h2>\n<table class=\"months\">\n\(rows)</table></section>\n"
    }

    /// The colour is full at a return of `shade`; nothing is written for a month without bars.
    private static func cell(_ value: Double?, shade: Double) -> String {
        guard let value, value.isFinite else { return "<td></td>" }
        let level = value == 0 ? 0 : min(5, 1 + Int(min(abs(value) / shade, 1) * 4.999))
        let style = level == 0 ? "" : " class=\"\(value > 0 ? "g" : "l")\(level)\""
        let text = Format.number(value * 100, abs(value) < 1 ? 1 : 0)
        return "<td\(style)>\(Markup.number(text))</td>"
    }
}
