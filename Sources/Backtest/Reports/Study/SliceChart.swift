/// The objective against one parameter.
struct SliceChart: Chart {
    let title: String
    let note: String
    private let sheet: StudySheet
    private let place: Int
    private let axis: StudyAxis
    private let range: ClosedRange<Double>

    private static let mostDots = 600

    /// Nil without a trial that has the parameter and an objective.
    init?(_ sheet: StudySheet, parameter place: Int) {
        guard let range = sheet.objectiveRange, sheet.ranked.contains(where: { !$0.values[place].isNaN }) else { return nil }
        (self.sheet, self.place, self.range) = (sheet, place, range)
        axis = StudyAxis(sheet.parameters[place])
        title = sheet.parameters[place].name
        note =
            "\(sheet.objective) against \(sheet.parameters[place].name)"
            + (sheet.parameters[place].isLog ? ", logarithmic." : ".")
    }

    func svg(width: Double) -> String {
        var plot = Plot(width: width, height: 200, x: axis.range, y: range)
        plot.levels(count: 4) { Format.number($0, $1.decimals) }
        plot.marks(below: axis.ticks(count: max(2, plot.columns / 80)))
        let ranked = sheet.ranked
        let step = max(1, (ranked.count + Self.mostDots - 1) / Self.mostDots)
        for (rank, trial) in ranked.enumerated().reversed() where rank % step == 0 {
            let x = axis.place(trial.values[place])
            guard x.isFinite, let objective = trial.objective else { continue }
            plot.dot(
                x, min(max(objective, range.lowerBound), range.upperBound), radius: rank == 0 ? 4.5 : 2.4,
                rank == 0 ? "chosen" : "trial")
        }
        return plot.svg(title)
    }
}
