import Cluster
import Diagnostics
import Foundation

/// Trials as CSV, of Optuna (`study.trials_dataframe()`) or of `study export`: read without knowing what the ranges were.
enum TrialsCSV {
    /// A table without ranges, so each parameter gets the range of the values that were tried: whole numbers, numbers, or the texts as
    /// choices. Throws `E_CSV` with the line.
    static func read(_ text: String, name: String, metric: String, isMaximized: Bool) throws -> ForeignStudy {
        var rows = try records(text)
        guard !rows.isEmpty else { throw CommandError("E_CSV", .input, "the file is empty") }
        let titles = rows.removeFirst()
        guard let value = titles.firstIndex(where: { $0 == "value" || $0 == "objective" || $0 == "value_0" }),
            let state = titles.firstIndex(of: "state")
        else {
            throw CommandError(
                "E_CSV", .input, "line 1 has no columns state and value (or objective)",
                hint: "write the file with study.trials_dataframe().to_csv(FILE, index=False), or bellwether study export")
        }
        var columns: [(name: String, place: Int)] = []
        for (place, title) in titles.enumerated() {
            for prefix in ["params_", "parameter."] where title.hasPrefix(prefix) {
                columns.append((String(title.dropFirst(prefix.count)), place))
            }
        }
        for (number, row) in rows.enumerated() where row.count != titles.count {
            throw CommandError("E_CSV", .input, "line \(number + 2) has \(row.count) fields, not \(titles.count)")
        }
        let ended = rows.filter { !["RUNNING", "WAITING", "running"].contains($0[state]) }
        var study = ForeignStudy(name: name, isMaximized: isMaximized, metric: metric, parameters: [:], trials: [])
        columns.removeAll { column in ended.allSatisfy { $0[column.place].isEmpty } }
        for (parameter, place) in columns { study.parameters[parameter] = range(ended.map { $0[place] }) }
        study.trials = ended.map { row in
            var parameters: [String: ParameterView] = [:]
            for (parameter, place) in columns where !row[place].isEmpty {
                let isChoice = if case .choice? = study.parameters[parameter] { true } else { false }
                parameters[parameter] = isChoice ? .text(row[place]) : Double(row[place]).map(ParameterView.number)
            }
            let isGood = ["COMPLETE", "succeeded"].contains(row[state])
            guard isGood, let found = Double(row[value]), found.isFinite else {
                return ImportedTrial(parameters: parameters, error: "\(row[state]) elsewhere")
            }
            return ImportedTrial(parameters: parameters, metrics: [metric: found])
        }
        return study
    }

    private static func range(_ values: [String]) -> ForeignStudy.Range {
        let known = values.filter { !$0.isEmpty }
        let numbers = known.compactMap { Double($0) }.filter(\.isFinite)
        guard numbers.count == known.count, let low = numbers.min(), let high = numbers.max() else {
            return .choice(Set(known).sorted().map(ParameterView.text))
        }
        // A column of whole numbers in which one is missing is written with decimals.
        let whole = numbers.compactMap { Int(exactly: $0) }
        if whole.count == numbers.count, let low = whole.min(), let high = whole.max() {
            return .int(low: low, high: high, log: false, step: 1)
        }
        return .float(low: low, high: high, log: false, step: nil)
    }

    /// Rows of fields (RFC 4180).
    private static func records(_ text: String) throws -> [[String]] {
        var (rows, row, field): ([[String]], [String], String) = ([], [], "")
        var (isQuoted, isStart) = (false, true)
        var line = 1
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            if scalar == "\n" { line += 1 }
            if isQuoted {
                if scalar != "\"" {
                    field.unicodeScalars.append(scalar)
                } else if next == "\"" {
                    field.unicodeScalars.append(scalar)
                    next = scalars.next()
                } else {
                    isQuoted = false
                }
                continue
            }
            switch scalar {
            case "\"" where isStart: (isQuoted, isStart) = (true, false)
            case ",":
                row.append(field)
                (field, isStart) = ("", true)
            case "\n":
                rows.append(row + [field])
                (row, field, isStart) = ([], "", true)
            case "\r": continue
            default:
                field.unicodeScalars.append(scalar)
                isStart = false
            }
        }
        guard !isQuoted else { throw CommandError("E_CSV", .input, "line \(line) ends within quotes") }
        if !field.isEmpty || !row.isEmpty { rows.append(row + [field]) }
        return rows
    }

    /// The trials in the layout of Optuna's `trials_dataframe()`.
    static func optuna(_ trials: [TrialView]) -> String {
        let parameters = Set(trials.flatMap { $0.parameters.keys }).sorted()
        let metrics = Set(trials.flatMap { $0.metrics.keys }).sorted()
        let titles = ["number", "value"] + parameters.map { "params_" + $0 } + metrics.map { "user_attrs_" + $0 } + ["state"]
        var lines = [titles.map { TrialText.field($0) }.joined(separator: ",")]
        for trial in trials {
            var cells = ["\(trial.number)", trial.objective.map { "\($0)" } ?? ""]
            for name in parameters {
                switch trial.parameters[name] {
                case .number(let number): cells.append(Int(exactly: number).map { "\($0)" } ?? "\(number)")
                case .text(let text): cells.append(TrialText.field(text))
                case nil: cells.append("")
                }
            }
            cells += metrics.map { name in trial.metrics[name].map { "\($0)" } ?? "" }
            let state =
                switch trial.state {
                case "running": "RUNNING"
                case "pruned": "PRUNED"
                default: trial.objective == nil ? "FAIL" : "COMPLETE"
                }
            lines.append((cells + [state]).joined(separator: ","))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
