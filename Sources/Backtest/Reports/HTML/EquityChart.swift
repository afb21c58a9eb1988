/// Growth of 1 over time.
struct EquityChart: Chart {
    let course: Course
    let title: String
    let note: String

    init(_ course: Course, isCompounded: Bool) {
        self.course = course
        title = "Growth of 1"
        note = isCompounded ? "Out-of-sample returns, compounded, after costs." : "Out-of-sample returns, summed, after costs."
    }

    func svg(width: Double) -> String {
        let low = min(1, course.wealth.min() ?? 1), high = max(1, course.wealth.max() ?? 1)
        var plot = Plot(
            width: width, height: width > 400 ? 300 : 220,
            x: Double(course.times[0])...Double(course.times[course.times.count - 1]),
            y: Ticks.rounded(low, high, count: 5))
        plot.right = 60
        plot.levels(count: 5, strong: 1) { Format.number($0, $1.decimals) }
        plot.dates()
        let points = Course.thinned(course.wealth, columns: plot.columns).map {
            (x: Double(course.times[$0]), y: course.wealth[$0])
        }
        plot.line(points, "curve")
        if let last = points.last {
            plot.dot(last.x, last.y, "point")
            plot.text(Format.number(last.y), plot.across(last.x) + 7, plot.down(last.y) + 4, "start", "label")
        }
        return plot.svg(title)
    }
}
