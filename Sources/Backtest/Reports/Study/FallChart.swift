/// How the objective falls off around the best trial.
struct FallChart: Chart {
    let title = "Around the best trial"
    let note: String
    private let sheet: StudySheet
    private let points: [(x: Double, y: Double)]

    /// Nil when nothing is known of it.
    init?(_ sheet: StudySheet) {
        guard let best = sheet.ranked.first?.objective else { return nil }
        points = [(0, best)] + sheet.falls.map { ($0.distance * 100, $0.objective) }
        guard points.count > 1, points.allSatisfy({ $0.y.isFinite }) else { return nil }
        self.sheet = sheet
        note =
            "The mean \(sheet.objective) expected up to so many per cent of each axis away; dashed, the median of all trials. A plateau falls slowly."
    }

    func svg(width: Double) -> String {
        let values = points.map(\.y) + [sheet.typical ?? points[0].y].filter(\.isFinite)
        var plot = Plot(
            width: width, height: 220, x: 0...(points.last?.x ?? 1),
            y: Ticks.rounded(values.min() ?? 0, values.max() ?? 1, count: 5))
        plot.levels(count: 5) { Format.number($0, $1.decimals) }
        plot.values { Format.number($0, $1.decimals) + " %" }
        if let typical = sheet.typical, typical.isFinite {
            plot.line([(plot.x.lowerBound, typical), (plot.x.upperBound, typical)], "reference")
        }
        plot.line(points, "best")
        for point in points { plot.dot(point.x, point.y, "point") }
        return plot.svg(title)
    }
}
