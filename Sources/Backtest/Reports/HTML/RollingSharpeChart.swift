import Statistics

/// The annualised Sharpe ratio of the last bars, over time.
struct RollingSharpeChart: Chart {
    let title: String
    let note: String
    private let times: [Int64]
    private let points: [(x: Double, y: Double)]
    private let whole: Double

    /// The most places at which the ratio is taken: as many as a wide screen has pixels.
    private static let mostPoints = 1000

    /// Over a year where there are two years of bars or more, otherwise over a quarter; nil for less than half a year.
    init?(_ course: Course, _ sheet: TearSheet) {
        let year = sheet.performance.periodsPerYear
        let count = sheet.returns.count
        guard Double(count) >= year / 2, year >= 12, year < 1e9 else { return nil }
        let isYear = Double(count) >= 2 * year
        let length = Int((isYear ? year : year / 4).rounded())
        guard length > 2, count > length else { return nil }
        times = course.times
        whole = sheet.performance.sharpe
        title = "Rolling Sharpe ratio, \(isYear ? "one year" : "one quarter")"
        note = "Annualised, over the last \(length) bars; no line where returns did not change."
        let step = max(1, (count - length) / Self.mostPoints)
        // From the end backwards, so that the newest bar is one of them.
        points = stride(from: count, through: length, by: -step).reversed().map { end in
            let ratio = SharpeInference.sharpe(of: Moments(Array(sheet.returns[(end - length)..<end])))
            return (Double(course.times[end - 1]), ratio * year.squareRoot())
        }
    }

    func svg(width: Double) -> String {
        let known = points.map(\.y).filter(\.isFinite)
        var plot = Plot(
            width: width, height: width > 400 ? 200 : 170, x: Double(times[0])...Double(times[times.count - 1]),
            y: Ticks.rounded(min(0, known.min() ?? 0), max(0, known.max() ?? 0), count: 5))
        plot.right = 60
        plot.levels(count: 5, strong: 0) { Format.number($0, $1.decimals) }
        plot.dates()
        plot.line(points, "curve")
        if whole.isFinite, plot.y.contains(whole) {
            plot.line([(plot.x.lowerBound, whole), (plot.x.upperBound, whole)], "reference")
            plot.text("all \(Format.number(whole))", width - plot.right + 5, plot.down(whole) + 4, "start", "label")
        }
        return plot.svg(title)
    }
}
