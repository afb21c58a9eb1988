/// The trials by two objectives, and those that no other one beats in both.
struct FrontChart: Chart {
    let title: String
    let note: String
    private let sheet: StudySheet
    private let across: ClosedRange<Double>
    private let up: ClosedRange<Double>
    private let points: [(x: Double, y: Double)]
    /// Places in `points`, from the best by the first objective on.
    private let front: [Int]

    /// Nil for a study of one objective.
    init?(_ sheet: StudySheet) {
        guard let second = sheet.second, let across = sheet.objectiveRange else { return nil }
        let known = sheet.trials.compactMap { trial -> (x: Double, y: Double)? in
            guard let x = trial.objective, let y = trial.second, x.isFinite, y.isFinite else { return nil }
            return (x, y)
        }
        guard known.count > 1, let low = known.map(\.y).min(), let high = known.map(\.y).max() else { return nil }
        (self.sheet, self.across, points) = (sheet, across, known)
        up = Ticks.rounded(low, high, count: 5)
        let (x, y) = (sheet.isMaximized ? -1.0 : 1, second.isMaximized ? -1.0 : 1)
        // In order of the first objective, a trial is on the front when it is better by the second than all before it.
        var least = Double.infinity
        var front: [Int] = []
        for place in known.indices.sorted(by: { (x * known[$0].x, y * known[$0].y, $0) < (x * known[$1].x, y * known[$1].y, $1) })
        where y * known[place].y < least {
            least = y * known[place].y
            front.append(place)
        }
        self.front = front
        title = "Front: \(second.name) against \(sheet.objective)"
        note = "The line joins the \(front.count) trials that no other one beats in both, whatever limits the study has."
    }

    func svg(width: Double) -> String {
        var plot = Plot(width: width, height: width > 400 ? 300 : 260, x: across, y: up)
        plot.levels(count: 5) { Format.number($0, $1.decimals) }
        plot.values { Format.number($0, $1.decimals) }
        for point in points { plot.dot(min(max(point.x, across.lowerBound), across.upperBound), point.y, radius: 2.2, "trial") }
        let line = front.map { (x: min(max(points[$0].x, across.lowerBound), across.upperBound), y: points[$0].y) }
        plot.line(line, "best")
        for point in line { plot.dot(point.x, point.y, radius: 3.5, "chosen") }
        return plot.svg(title)
    }
}
