import Backtest
import Cluster

extension StudyView {
    /// The study in pictures; `trials` are all trials of it.
    func sheet(title: String, trials: [TrialView]) -> StudySheet {
        var sheet = StudySheet(
            title: title, objective: objective, isMaximized: direction == "maximize",
            parameters: parameters.map(\.sheetParameter),
            trials: trials.filter { $0.state != "running" }.map { trial in
                var shown = StudySheet.Trial(
                    number: Int(trial.number), objective: trial.objective, isPruned: trial.state == "pruned",
                    values: parameters.map { $0.place(of: trial.parameters[$0.name]) })
                shown.second = further?.first.flatMap { trial.metrics[$0.metric] }
                return shown
            })
        sheet.second = further?.first.map { ($0.metric, $0.direction == "maximize") }
        sheet.contours = contours.compactMap { contour in
            guard let first = parameters.firstIndex(where: { $0.name == contour.first }),
                let second = parameters.firstIndex(where: { $0.name == contour.second })
            else { return nil }
            return StudySheet.Contour(first: first, second: second, size: contour.size, objectives: contour.objectives)
        }
        sheet.falls = (plateau?.falls ?? []).map { ($0.distance, $0.objective) }
        sheet.typical = plateau?.typical
        sheet.cards = cards
        return sheet
    }

    private var cards: [(name: String, value: String, note: String)] {
        var cards: [(name: String, value: String, note: String)] = []
        if let best, let value = best.objective {
            cards.append(("Best " + objective, Text.number(value), "trial \(best.number)"))
        }
        if let plateau {
            cards.append(
                (
                    "Most robust", plateau.robust.objective.map { Text.number($0) } ?? "-",
                    "trial \(plateau.robust.number), \(Text.number(plateau.robustObjective)) around it"
                ))
        }
        cards.append(
            ("Trials counted", "\(trialsCounted)", earlierTrials > 0 ? "\(earlierTrials) before this study" : "all of this study")
        )
        if let deflatedSharpe { cards.append(("Deflated Sharpe ratio", Text.number(deflatedSharpe), "of the best trial")) }
        if let overfitting {
            cards.append(
                (
                    "Overfitting", Text.percent(overfitting.probability),
                    "of the splits put the best below the median (\(Text.count(overfitting.trials, "trial")))"
                ))
        }
        return cards
    }
}

extension SearchedView {
    fileprivate var sheetParameter: StudySheet.Parameter {
        StudySheet.Parameter(
            name: name, isLog: scale == "log", low: low ?? 0, high: high ?? 1,
            choices: choices?.map { TrialText.parameter($0) } ?? [],
            bestTenth: bestTenth, variance: variance)
    }

    /// A trial's value as a number, or its place among the choices; NaN for none.
    fileprivate func place(of value: ParameterView?) -> Double {
        guard let value else { return .nan }
        if let choices { return choices.firstIndex(of: value).map(Double.init) ?? .nan }
        if case .number(let number) = value { return number }
        return .nan
    }
}
