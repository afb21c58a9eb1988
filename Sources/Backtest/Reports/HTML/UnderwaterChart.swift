/// The fall under the last peak over time.
struct UnderwaterChart: Chart {
    let course: Course
    let title = "Underwater: fall from the last peak, %"
    let note: String

    init(_ course: Course, deepest: String?) {
        self.course = course
        note = deepest ?? "Never below its peak."
    }

    func svg(width: Double) -> String {
        var place = 0
        for index in course.depth.indices where course.depth[index] < course.depth[place] { place = index }
        let deepest = course.depth[place]
        var plot = Plot(
            width: width, height: width > 400 ? 180 : 150,
            x: Double(course.times[0])...Double(course.times[course.times.count - 1]),
            y: Ticks.rounded(min(deepest, -0.001), 0, count: 4).lowerBound...0)
        plot.right = 60
        plot.levels(count: 4, strong: 0) { Format.number($0 * 100, max(0, $1.decimals - 2)) }
        plot.dates()
        let points = Course.thinned(course.depth, columns: plot.columns).map {
            (x: Double(course.times[$0]), y: course.depth[$0])
        }
        plot.area(points, base: 0, "depth")
        plot.line(points, "curve loss")
        if deepest < 0 {
            let x = Double(course.times[place])
            let isLeft = plot.across(x) > width / 2
            plot.dot(x, deepest, "point loss")
            plot.text(
                "\(Format.percent(deepest, 1))", plot.across(x) + (isLeft ? -7 : 7), plot.down(deepest) + 4,
                isLeft ? "end" : "start", "label")
        }
        return plot.svg(title)
    }
}
