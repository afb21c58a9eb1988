/// The Sharpe ratio of every window, in its train range and in its test range.
struct WindowChart: Chart {
    let title = "Sharpe ratio by window: train against test"
    let note: String
    private let points: [(time: Double, train: Double, test: Double)]

    /// Nil without two windows that know how their train range went, in order of time.
    init?(_ sheet: TearSheet) {
        points = sheet.windows.compactMap { window in
            guard let train = window.trainSharpe, train.isFinite, window.sharpe.isFinite, Course.hasDate(window.first) else {
                return nil
            }
            return (Double(window.first), train, window.sharpe)
        }
        guard let first = points.first, let last = points.last, first.time < last.time,
            zip(points, points.dropFirst()).allSatisfy({ $0.time <= $1.time })
        else { return nil }
        let worse = points.count { $0.test < $0.train }
        note =
            "Hollow: train. Filled: test, at the day it starts. Test is below train in \(worse) of the \(points.count) windows "
            + "that have both."
    }

    func svg(width: Double) -> String {
        let low = points.map { min($0.train, $0.test) }.min() ?? 0, high = points.map { max($0.train, $0.test) }.max() ?? 0
        var plot = Plot(
            width: width, height: width > 400 ? 220 : 190,
            x: points[0].time...points[points.count - 1].time, y: Ticks.rounded(min(0, low), max(0, high), count: 5))
        plot.right = 60
        plot.levels(count: 5, strong: 0) { Format.number($0, $1.decimals) }
        plot.dates()
        let radius = width / Double(points.count) > 12 ? 3.5 : 2.2
        for point in points {
            plot.line([(point.time, point.train), (point.time, point.test)], point.test < point.train ? "fall" : "rise")
            plot.dot(point.time, point.train, radius: radius, "train")
            plot.dot(point.time, point.test, radius: radius, point.test < 0 ? "point loss" : "point")
        }
        return plot.svg(title)
    }
}
