/// Every trial as a line through its parameters and its objective.
struct ParallelChart: Chart {
    let title = "Parallel coordinates"
    let note: String
    private let sheet: StudySheet
    private let range: ClosedRange<Double>
    private let axes: [(place: Int, axis: StudyAxis)]

    private static let mostLines = 300
    private static let mostAxes = 12

    /// Nil without two trials that have an objective.
    init?(_ sheet: StudySheet) {
        guard let range = sheet.objectiveRange, sheet.ranked.count > 1, !sheet.parameters.isEmpty else { return nil }
        (self.sheet, self.range) = (sheet, range)
        axes = sheet.byImportance.prefix(Self.mostAxes).map { ($0, StudyAxis(sheet.parameters[$0])) }
        let drawn = min(Self.mostLines, sheet.ranked.count)
        note =
            "The best tenth in colour, the best in the strongest line; "
            + (drawn < sheet.ranked.count ? "\(drawn) of \(sheet.ranked.count) trials" : "all \(drawn) trials with an objective")
            + (axes.count < sheet.parameters.count ? ", the \(axes.count) parameters that mattered most." : ".")
    }

    func svg(width: Double) -> String {
        var plot = Plot(width: width, height: width > 400 ? 320 : 300, x: 0...Double(axes.count), y: 0...1)
        (plot.left, plot.right, plot.top, plot.bottom) = (34, 46, 44, 14)
        let ranked = sheet.ranked
        let best = max(1, ranked.count / 10)
        // All of the best, and of the others as many as there is room for, spread evenly; the best are drawn last.
        let others = ranked.dropFirst(best)
        let step = max(1, (others.count + Self.mostLines - 1) / Self.mostLines)
        for place in stride(from: others.startIndex, to: others.endIndex, by: step) { plot.line(points(others[place]), "thread") }
        for trial in ranked.prefix(best).dropFirst().reversed() { plot.line(points(trial), "thread best") }
        plot.line(points(ranked[0]), "best")
        for (column, entry) in axes.enumerated() {
            let ticks = entry.axis.ticks(count: 4).map { (share: entry.axis.share($0.place, isPlace: true), label: $0.label) }
            draw(&plot, column, entry.axis.shortName, ticks)
        }
        let ticks = Ticks(range.lowerBound, range.upperBound, count: 4)
        draw(
            &plot, axes.count, sheet.objective,
            ticks.values.map { (share: share(of: $0), label: Format.number($0, ticks.decimals)) })
        return plot.svg(title)
    }

    private func draw(_ plot: inout Plot, _ column: Int, _ name: String, _ ticks: [(share: Double, label: String)]) {
        let x = Double(column)
        plot.line([(x, 0), (x, 1)], "rail")
        // Neighbouring names take turns in two rows, so that long ones have room.
        let anchor = column == 0 ? "start" : (column == axes.count ? "end" : "middle")
        let edge = column == 0 ? -30.0 : (column == axes.count ? 42 : 0)
        let room = Int(plot.width / Double(axes.count + 1) / 3.4)
        plot.text(Format.cut(name, to: max(6, room)), plot.across(x) + edge, column.isMultiple(of: 2) ? 14 : 30, anchor, "label")
        for tick in ticks { plot.text(tick.label, plot.across(x) + 4, plot.down(tick.share) + 4, "start", "label small") }
    }

    private func points(_ trial: StudySheet.Trial) -> [(x: Double, y: Double)] {
        let values = axes.enumerated().map { column, entry in (Double(column), entry.axis.share(trial.values[entry.place])) }
        return values + [(Double(axes.count), share(of: trial.objective ?? .nan))]
    }

    private func share(of objective: Double) -> Double {
        min(1, max(0, (objective - range.lowerBound) / (range.upperBound - range.lowerBound)))
    }
}

extension StudyAxis {
    /// The share of the axis below a place on it.
    fileprivate func share(_ place: Double, isPlace: Bool) -> Double {
        (place - range.lowerBound) / (range.upperBound - range.lowerBound)
    }
}
