import Cluster

/// A study under way as people read it.
enum WatchText {
    /// A picture of at most `rows` lines.
    static func screen(_ view: WatchView, _ meter: ProgressMeter, rows: Int, columns: Int) -> String {
        let share = view.trials > 0 ? min(1, Double(view.finished) / Double(view.trials)) : 0
        var lines = [
            "\(Text.clean(view.name)) (job \(view.job))  \(view.state)",
            "\(ProgressLine.bar(share, cells: max(10, min(60, columns - 40))))  \(view.finished)/\(view.trials) trials"
                + rest(view, meter),
            counts(view), "",
        ]
        if let samplers = samplers(view) { lines += ["next from  \(samplers)", ""] }
        if let best = view.best {
            var pairs: [(String, String?)] = [("best", best.objective.map { Text.number($0) }), ("trial", "\(best.number)")]
            pairs += best.parameters.sorted { $0.key < $1.key }.map { (Text.clean($0.key), TrialText.parameter($0.value)) }
            lines += Table.pairs(pairs).split(separator: "\n").map(String.init)
            if view.bests.count > 1 { lines += ["", "best so far, newest first"] }
            lines += view.bests.dropFirst().map { "  \(Text.number($0.objective))  trial \($0.number)" }
        } else {
            lines.append("no trial has an objective yet")
        }
        return lines.prefix(max(1, rows)).map { String($0.prefix(columns)) }.joined(separator: "\n")
    }

    /// One plain line.
    static func line(_ view: WatchView, _ meter: ProgressMeter) -> String {
        var parts = ["job \(view.job) \(view.state)", "\(view.finished)/\(view.trials) trials", counts(view)]
        if let best = view.bests.first { parts.append("best \(Text.number(best.objective)) (trial \(best.number))") }
        if let samplers = samplers(view) { parts.append("next from \(samplers)") }
        return parts.filter { !$0.isEmpty }.joined(separator: ", ") + rest(view, meter)
    }

    private static func counts(_ view: WatchView) -> String {
        let counts = [(view.failed, "failed"), (view.pruned, "pruned")].filter { $0.0 > 0 }
        return counts.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    private static func samplers(_ view: WatchView) -> String? {
        guard let samplers = view.samplers, !samplers.isEmpty else { return nil }
        let ranked = samplers.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return ranked.map { "\($0.key) \(Int(($0.value * 100).rounded()))%" }.joined(separator: "  ")
    }

    private static func rest(_ view: WatchView, _ meter: ProgressMeter) -> String {
        guard view.state == "running", let left = meter.secondsLeft(total: view.trials) else { return "" }
        return ", \(Text.duration(seconds: left)) left"
    }
}
