/// How often returns of each size came.
struct ReturnChart: Chart {
    let title = "Bars by return, %"
    let note: String
    private let histogram: Histogram
    private let valueAtRisk: Double

    /// Nil for fewer than two returns. Returns of exactly zero are left out where there are others: bars out of the market
    /// would hide the rest.
    init?(_ sheet: TearSheet) {
        let moved = sheet.returns.filter { $0 != 0 }
        guard sheet.returns.count > 1, let histogram = Histogram(moved.isEmpty ? sheet.returns : moved, bins: 50) else {
            return nil
        }
        self.histogram = histogram
        valueAtRisk = -sheet.performance.valueAtRisk95
        let flat = sheet.returns.count - moved.count
        let isCut = flat > 0 && !moved.isEmpty
        note =
            "Skew \(Markup.number(Format.number(sheet.performance.skew))), kurtosis \(Format.number(sheet.performance.kurtosis, 1)), 3 being normal"
            + (isCut ? "; without the \(flat) of \(sheet.returns.count) bars that returned exactly zero." : ".")
    }

    func svg(width: Double) -> String {
        var plot = Plot(
            width: width, height: 230, x: histogram.start...histogram.end,
            y: 0...Ticks.rounded(0, Double(max(1, histogram.highest)), count: 4).upperBound)
        plot.top = 24
        plot.levels(count: 4, strong: 0) { Format.number($0, $1.decimals) }
        for (bin, count) in histogram.counts.enumerated() where count > 0 {
            let (low, high) = histogram.edges(bin)
            plot.bar(low, high, to: Double(count), high <= histogram.width / 2 ? "bar loss" : "bar")
        }
        plot.values { Format.number($0 * 100, max(0, $1.decimals - 2)) }
        plot.marks([(valueAtRisk, "5 % of bars below \(Markup.number(Format.percent(valueAtRisk, 1)))", "threshold")])
        return plot.svg(title)
    }
}
