/// The objective of every trial, and the best so far.
struct HistoryChart: Chart {
    let title: String
    let note: String
    private let sheet: StudySheet
    private let range: ClosedRange<Double>

    /// Nil while no trial has an objective.
    init?(_ sheet: StudySheet) {
        guard let range = sheet.objectiveRange else { return nil }
        (self.sheet, self.range) = (sheet, range)
        title = "History: \(sheet.objective) by trial"
        let known = sheet.trials.filter { $0.objective != nil }
        let outside = known.count { !range.contains($0.objective ?? 0) }
        let failed = sheet.trials.count - known.count
        note =
            "The line is the best so far"
            + (failed > 0 ? "; ticks at the bottom are \(failed) trials without an objective" : "")
            + (outside > 0 ? "; \(outside) lie outside and are drawn at the edge." : ".")
    }

    func svg(width: Double) -> String {
        let last = Double(sheet.trials.last?.number ?? 1)
        var plot = Plot(width: width, height: width > 400 ? 260 : 220, x: 0...max(1, last), y: range)
        plot.levels(count: 5) { Format.number($0, $1.decimals) }
        plot.values { Format.number($0, $1.decimals) }
        var best: Double?
        var steps: [(x: Double, y: Double)] = []
        for trial in sheet.trials {
            let x = Double(trial.number)
            guard let objective = trial.objective else {
                plot.dot(x, range.lowerBound, radius: 2, trial.isPruned ? "train" : "point loss")
                continue
            }
            let y = min(max(objective, range.lowerBound), range.upperBound)
            plot.dot(x, y, radius: sheet.trials.count > 400 ? 1.6 : 2.4, trial.isPruned ? "train" : "trial")
            if let known = best, known == objective || (known > objective) == sheet.isMaximized { continue }
            if let known = best { steps.append((x, min(max(known, range.lowerBound), range.upperBound))) }
            best = objective
            steps.append((x, y))
        }
        if let end = steps.last { steps.append((max(1, last), end.y)) }
        plot.line(steps, "best")
        return plot.svg(title)
    }
}
