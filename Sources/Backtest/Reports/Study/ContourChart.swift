/// The mean objective over two parameters, whatever the others are, with the trials on it.
struct ContourChart: Chart {
    let title: String
    let note: String
    private let sheet: StudySheet
    private let contour: StudySheet.Contour

    /// Shades from the worst to the best.
    static let shades = 8
    private static let mostDots = 300

    /// Nil when the grid is not one.
    init?(_ sheet: StudySheet, _ contour: StudySheet.Contour) {
        let places = sheet.parameters.indices
        guard places.contains(contour.first), places.contains(contour.second), contour.size > 1,
            contour.objectives.count == contour.size * contour.size, contour.objectives.allSatisfy(\.isFinite)
        else { return nil }
        (self.sheet, self.contour) = (sheet, contour)
        title = "\(sheet.parameters[contour.second].name) over \(sheet.parameters[contour.first].name)"
        note =
            "The mean \(sheet.objective) expected, the stronger the better: \(StudyAxis.short(contour.objectives.min() ?? 0)) to \(StudyAxis.short(contour.objectives.max() ?? 0))."
    }

    func svg(width: Double) -> String {
        let across = StudyAxis(sheet.parameters[contour.first]), up = StudyAxis(sheet.parameters[contour.second])
        var plot = Plot(width: width, height: width > 400 ? 340 : 280, x: across.range, y: up.range)
        plot.left = 64
        let low = contour.objectives.min() ?? 0, high = contour.objectives.max() ?? 1
        let cellX = (across.range.upperBound - across.range.lowerBound) / Double(contour.size)
        let cellY = (up.range.upperBound - up.range.lowerBound) / Double(contour.size)
        for row in 0..<contour.size {
            // Equal neighbours become one box.
            var start = 0
            for column in 1...contour.size {
                let shade = shade(row, start, low, high)
                if column < contour.size, self.shade(row, column, low, high) == shade { continue }
                plot.box(
                    across.range.lowerBound + Double(start) * cellX, across.range.lowerBound + Double(column) * cellX,
                    up.range.lowerBound + Double(row + 1) * cellY, up.range.lowerBound + Double(row) * cellY, "h\(shade)")
                start = column
            }
        }
        plot.marks(below: across.ticks(count: max(2, plot.columns / 80)))
        plot.marks(beside: up.ticks(count: 5))
        let ranked = sheet.ranked
        let step = max(1, (ranked.count + Self.mostDots - 1) / Self.mostDots)
        for (rank, trial) in ranked.enumerated().reversed() where rank % step == 0 {
            let (x, y) = (across.place(trial.values[contour.first]), up.place(trial.values[contour.second]))
            guard x.isFinite, y.isFinite else { continue }
            plot.dot(x, y, radius: rank == 0 ? 4.5 : 1.8, rank == 0 ? "chosen" : "tried")
        }
        return plot.svg(title)
    }

    private func shade(_ row: Int, _ column: Int, _ low: Double, _ high: Double) -> Int {
        guard high > low else { return 0 }
        let share = (contour.objectives[row * contour.size + column] - low) / (high - low)
        return min(Self.shades - 1, Int((sheet.isMaximized ? share : 1 - share) * Double(Self.shades)))
    }
}
