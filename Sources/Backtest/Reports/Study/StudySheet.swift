/// What a study tried and what came of it, in pictures.
package struct StudySheet: Sendable {
    /// A searched parameter. Its values are numbers, or places among `choices` when there are some.
    package struct Parameter: Sendable {
        package var name: String
        package var isLog: Bool
        package var low: Double
        package var high: Double
        package var choices: [String]
        /// Its share in what set the best tenth of the trials apart, and in the objective's variance over the whole space.
        package var bestTenth: Double?
        package var variance: Double?
        package init(
            name: String, isLog: Bool = false, low: Double = 0, high: Double = 1, choices: [String] = [],
            bestTenth: Double? = nil,
            variance: Double? = nil
        ) {
            (self.name, self.isLog, self.choices) = (name, isLog, choices)
            (self.low, self.high) = choices.isEmpty ? (low, high) : (0, Double(max(1, choices.count - 1)))
            (self.bestTenth, self.variance) = (bestTenth, variance)
        }
    }

    package struct Trial: Sendable {
        package var number: Int
        /// Nil for a trial that came to nothing.
        package var objective: Double?
        package var isPruned: Bool
        /// What the trial came to by the second objective, in a study that has one.
        package var second: Double?
        /// One a parameter; NaN where the trial does not have it.
        package var values: [Double]
        package init(number: Int, objective: Double?, isPruned: Bool = false, values: [Double]) {
            (self.number, self.objective, self.isPruned, self.values) = (number, objective, isPruned, values)
        }
    }

    /// The mean objective over a grid of two parameters, whatever the others are.
    package struct Contour: Sendable {
        /// The places of the parameters.
        package var first: Int
        package var second: Int
        /// `size` times `size` values from the low ends on, the second parameter running slower.
        package var size: Int
        package var objectives: [Double]
        package init(first: Int, second: Int, size: Int, objectives: [Double]) {
            (self.first, self.second, self.size, self.objectives) = (first, second, size, objectives)
        }
    }

    package var title: String
    /// The name of what is searched for.
    package var objective: String
    package var isMaximized: Bool
    package var parameters: [Parameter]
    /// In order of number.
    package var trials: [Trial]
    package var contours: [Contour] = []
    /// The second objective, in a study that has one.
    package var second: (name: String, isMaximized: Bool)?
    /// The mean objective up to a distance from the best trial, as a share of each parameter's axis.
    package var falls: [(distance: Double, objective: Double)] = []
    /// The median objective.
    package var typical: Double?
    /// The numbers that a reader looks for first.
    package var cards: [(name: String, value: String, note: String)] = []
    package var facts: [(name: String, value: String)] = []

    package init(title: String, objective: String, isMaximized: Bool, parameters: [Parameter], trials: [Trial]) {
        (self.title, self.objective, self.isMaximized) = (title, objective, isMaximized)
        (self.parameters, self.trials) = (parameters, trials)
    }

    /// The study alone as one HTML file that needs nothing else. The same study always makes the same bytes.
    package func html() -> String {
        let failed = trials.count { $0.objective == nil }
        let subtitle =
            "Study · \(trials.count) trial\(trials.count == 1 ? "" : "s")"
            + (failed > 0 ? ", \(failed) without an objective" : "")
        return Page.html(title: title, subtitle: subtitle, body: sections + Page.provenance(facts))
    }

    /// The study's part of a page.
    var sections: String {
        var parts = "<section><h2>Study</h2>\n"
        if !cards.isEmpty {
            parts +=
                "<div class=\"cards\">\n" + cards.map { Page.card(Markup.text($0.name), $0.value, $0.note) }.joined() + "</div>\n"
        }
        parts += HistoryChart(self)?.figure(width: 980) ?? "<p>No trial has an objective yet.</p>\n"
        parts += FrontChart(self)?.figure(width: 980) ?? ""
        parts += ParallelChart(self)?.figure(width: 980) ?? ""
        let halves = (ImportanceChart(self)?.figure(width: 475) ?? "") + (FallChart(self)?.figure(width: 475) ?? "")
        if !halves.isEmpty { parts += "<div class=\"columns two\">\n\(halves)</div>" }
        let slices = byImportance.prefix(Self.mostSlices).compactMap { SliceChart(self, parameter: $0)?.figure(width: 475) }
        if !slices.isEmpty { parts += "<h3>Slices</h3>\n<div class=\"columns two\">\n\(slices.joined())</div>" }
        let pairs = contours.compactMap { ContourChart(self, $0)?.figure(width: 475) }
        if !pairs.isEmpty { parts += "<h3>Contours</h3>\n<div class=\"columns two\">\n\(pairs.joined())</div>" }
        return parts + "</section>\n"
    }

    static let mostSlices = 12

    /// Places of the parameters, those that mattered most first.
    var byImportance: [Int] {
        func weight(_ place: Int) -> Double { max(parameters[place].bestTenth ?? 0, parameters[place].variance ?? 0) }
        return parameters.indices.sorted { (-weight($0), $0) < (-weight($1), $1) }
    }

    /// Trials with an objective, best first.
    var ranked: [Trial] {
        trials.filter { $0.objective?.isFinite == true }.sorted {
            let (a, b) = ($0.objective ?? 0, $1.objective ?? 0)
            return a == b ? $0.number < $1.number : (a > b) == isMaximized
        }
    }

    /// The range that objectives are drawn in: from the best to the worst but for a tail that would press the rest together.
    var objectiveRange: ClosedRange<Double>? {
        let values = ranked.compactMap(\.objective)
        guard let best = values.first, let worst = values.last else { return nil }
        let middle = values[values.count / 2]
        // Six times as far as half of the trials are from the best.
        let edge = isMaximized ? max(worst, best - 6 * (best - middle)) : min(worst, best + 6 * (middle - best))
        return Ticks.rounded(min(best, edge), max(best, edge), count: 5)
    }
}
