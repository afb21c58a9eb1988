import Cluster

/// Trials as people and spreadsheets read them.
enum TrialText {
    /// Metrics that a table shows when trials have them, with their titles.
    private static let shownMetrics = [
        ("sharpe", "sharpe"), ("annualReturn", "annual"), ("maxDrawdown", "drawdown"), ("turnover", "turnover"),
        ("trades", "trades"),
    ]
    private static let shares: Set<String> = ["annualReturn", "maxDrawdown", "totalReturn", "winRate", "exposure"]

    /// `isRanked` adds the place, for trials that come best first.
    static func table(_ trials: [TrialView], isRanked: Bool = false) -> String {
        guard !trials.isEmpty else { return "no trials yet" }
        let parameters = names(trials.map { Array($0.parameters.keys) })
        let present = Set(trials.flatMap { $0.metrics.keys })
        let metrics = shownMetrics.filter { present.contains($0.0) }
        var columns: [Table.Column] = isRanked ? [.number("")] : []
        columns += [.number("trial")] + (isRanked ? [] : [.text("state")]) + [.number("objective")]
        columns += metrics.map { .number($0.1) }
        columns += parameters.map { name in
            .init(title: Text.clean(name), isNumber: trials.allSatisfy { isNumber($0.parameters[name]) })
        }
        let hasSteps = trials.contains { $0.steps != nil }
        if hasSteps { columns.append(.number("steps")) }
        let hasErrors = trials.contains { $0.error != nil }
        if hasErrors { columns.append(.text("error")) }
        var table = Table(columns)
        for (place, trial) in trials.enumerated() {
            var cells = isRanked ? ["\(place + 1)"] : []
            cells += ["\(trial.number)"] + (isRanked ? [] : [trial.state]) + [trial.objective.map { Text.number($0) } ?? "-"]
            cells += metrics.map { name, _ in trial.metrics[name].map { metric(name, $0) } ?? "-" }
            cells += parameters.map { parameter(trial.parameters[$0]) }
            if hasSteps { cells.append(trial.steps.map { "\($0)" } ?? "") }
            if hasErrors { cells.append(trial.error?.code ?? "") }
            table.add(cells)
        }
        return table.text
    }

    /// The trials of a front: all objectives, then the parameters.
    static func front(_ trials: [TrialView]) -> String {
        let parameters = names(trials.map { Array($0.parameters.keys) })
        let objectives = trials.map { $0.objectives?.count ?? 0 }.max() ?? 0
        var table = Table(
            [.number("trial")] + (0..<objectives).map { .number("objective \($0 + 1)") }
                + parameters.map { name in
                    .init(title: Text.clean(name), isNumber: trials.allSatisfy { isNumber($0.parameters[name]) })
                })
        for trial in trials {
            let values = (0..<objectives).map { k in
                trial.objectives.flatMap { $0.indices.contains(k) ? Text.number($0[k]) : nil } ?? "-"
            }
            table.add(["\(trial.number)"] + values + parameters.map { parameter(trial.parameters[$0]) })
        }
        return table.text
    }

    /// One trial with everything it has.
    static func details(_ trial: TrialView) -> String {
        var pairs: [(String, String?)] = [
            ("trial", "\(trial.number)"), ("state", trial.state), ("objective", trial.objective.map { Text.number($0) }),
            ("violation", trial.violation.map { Text.number($0) }), ("error", trial.error.map { failure($0) }),
            ("steps", trial.steps.map { "\($0)" }),
            ("pruned", trial.reason.map { Text.clean($0) }),
        ]
        for (name, value) in trial.parameters.sorted(by: { $0.key < $1.key }) {
            pairs.append((Text.clean(name), parameter(value)))
        }
        for (name, value) in trial.metrics.sorted(by: { $0.key < $1.key }) {
            pairs.append((Text.clean(name), metric(name, value)))
        }
        return Table.pairs(pairs)
    }

    /// Why trials failed, a line for each reason, the most frequent first; nil when none did.
    static func failures(_ trials: [TrialView]) -> String? {
        var counts: [ErrorView: Int] = [:]
        for trial in trials { if let error = trial.error { counts[error, default: 0] += 1 } }
        guard !counts.isEmpty else { return nil }
        let ranked = counts.sorted { ($1.value, $0.key.code, $0.key.message) < ($0.value, $1.key.code, $1.key.message) }
        var lines = ranked.prefix(failuresShown).map { "\(Text.count($1, "trial")) failed: \(failure($0))" }
        if ranked.count > failuresShown { lines.append("... \(ranked.count - failuresShown) more reasons, see --all") }
        return lines.joined(separator: "\n")
    }

    private static let failuresShown = 5

    /// How many trials a pruner ended, and what that saved; nil without a pruner.
    static func pruning(_ pruning: PruningView?) -> String? {
        guard let pruning else { return nil }
        let saved = pruning.steps - pruning.stepsRun
        return "\(Text.count(pruning.trials, "trial")) pruned: \(pruning.stepsRun) of \(pruning.steps) steps run, "
            + "\(Text.percent(pruning.steps > 0 ? Double(saved) / Double(pruning.steps) : 0)) saved"
    }

    private static func failure(_ error: ErrorView) -> String { Text.clean("\(error.code): \(error.message)") }

    static func metric(_ name: String, _ value: Double) -> String {
        shares.contains(name) ? Text.percent(value) : Text.number(value)
    }

    static func parameter(_ value: ParameterView?) -> String {
        switch value {
        case .number(let number): Text.number(number)
        case .text(let text): text
        case nil: ""
        }
    }

    /// All trials as CSV (RFC 4180): number, state, objective and the error's code, under a pruner steps and reason too, then
    /// `parameter.NAME` and `metric.NAME`, numbers in full.
    static func csv(_ trials: [TrialView]) -> String {
        let parameters = names(trials.map { Array($0.parameters.keys) })
        let metrics = names(trials.map { Array($0.metrics.keys) })
        let hasSteps = trials.contains { $0.steps != nil }
        let titles =
            ["number", "state", "objective", "error"] + (hasSteps ? ["steps", "reason"] : [])
            + parameters.map { "parameter.\($0)" } + metrics.map { "metric.\($0)" }
        var lines = [titles.map { field($0) }.joined(separator: ",")]
        for trial in trials {
            var cells = [
                "\(trial.number)", field(trial.state), trial.objective.map { "\($0)" } ?? "", field(trial.error?.code ?? ""),
            ]
            if hasSteps { cells += [trial.steps.map { "\($0)" } ?? "", field(trial.reason ?? "")] }
            cells += parameters.map { name in
                switch trial.parameters[name] {
                case .number(let number): "\(number)"
                case .text(let text): field(text)
                case nil: ""
                }
            }
            cells += metrics.map { name in trial.metrics[name].map { "\($0)" } ?? "" }
            lines.append(cells.joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A text as a CSV field that no spreadsheet takes for a formula.
    static func field(_ text: String) -> String {
        var safe = text
        if let first = text.unicodeScalars.first, ["=", "+", "-", "@", "\t", "\r"].contains(first) { safe = "'" + text }
        let needsQuotes = safe.unicodeScalars.contains { $0 == "," || $0 == "\"" || $0 == "\n" || $0 == "\r" }
        return needsQuotes ? "\"" + safe.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\"" : safe
    }

    private static func isNumber(_ value: ParameterView?) -> Bool {
        if case .text = value { false } else { true }
    }

    private static func names(_ lists: [[String]]) -> [String] { Set(lists.joined()).sorted() }
}
