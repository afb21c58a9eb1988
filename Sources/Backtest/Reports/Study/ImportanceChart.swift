/// How much each parameter mattered, by two measures.
struct ImportanceChart: Chart {
    let title = "Importance"
    let note =
        "Filled: share in what set the best tenth apart (PED-ANOVA). Hollow: share of the variance over the space that it explains alone (fANOVA)."
    private let rows: [StudySheet.Parameter]

    private static let mostRows = 15

    /// Nil when nothing is known of it.
    init?(_ sheet: StudySheet) {
        rows = sheet.byImportance.prefix(Self.mostRows).map { sheet.parameters[$0] }.filter {
            $0.bestTenth != nil || $0.variance != nil
        }
        if rows.isEmpty { return nil }
    }

    func svg(width: Double) -> String {
        var plot = Plot(width: width, height: 40 + Double(rows.count) * 30, x: 0...1, y: 0...Double(rows.count))
        (plot.left, plot.right) = (width > 400 ? 130 : 104, 20)
        plot.values { Format.number($0 * 100, max(0, $1.decimals - 2)) + " %" }
        for (row, parameter) in rows.enumerated() {
            let top = Double(rows.count - row)
            plot.text(Format.cut(parameter.name, to: width > 400 ? 19 : 15), plot.left - 8, plot.down(top - 0.5) + 4, "end")
            plot.box(0, Self.share(parameter.bestTenth), top - 0.14, top - 0.5, "bar")
            plot.box(0, Self.share(parameter.variance), top - 0.54, top - 0.86, "train")
        }
        return plot.svg(title)
    }

    private static func share(_ value: Double?) -> Double { min(1, max(0, value?.isFinite == true ? value ?? 0 : 0)) }
}
