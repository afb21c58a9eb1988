import Cluster

/// Jobs as people read them.
enum JobText {
    static func title(_ job: JobView) -> String { "\(Text.clean(job.name)) (job \(job.id))" }

    static func table(_ jobs: [JobView]) -> String {
        guard !jobs.isEmpty else { return "no jobs yet" }
        var table = Table([
            .number("job"), .text("name"), .text("kind"), .text("state"), .number("done"), .number("best"),
            .text("submitted (UTC)"), .number("took"),
        ])
        for job in jobs {
            table.add([
                "\(job.id)", job.name, job.kind, job.state, done(job), best(job).map { Text.number($0) } ?? "",
                Text.time(job.submittedAt),
                job.endedAt.map { Text.duration(seconds: Double($0 - job.submittedAt) / 1000) } ?? "",
            ])
        }
        return table.text
    }

    private static func done(_ job: JobView) -> String {
        if let progress = job.progress, progress.tasks > 0 {
            return "\(min(100, (progress.finished + progress.failed) * 100 / progress.tasks))%"
        }
        return job.state == "succeeded" ? "100%" : ""
    }

    private static func best(_ job: JobView) -> Double? { job.result?.leaderboard?.first?.objective ?? job.progress?.best }

    static func details(_ job: JobView) -> String {
        var pairs: [(String, String?)] = [
            ("job", "\(job.id)"), ("name", job.name), ("kind", job.kind), ("state", job.state), ("priority", "\(job.priority)"),
            ("key", job.uid), ("spec", job.specHash), ("dataset", job.dataset),
            ("data since", job.newerDataset.map { "has changed: the name stands for \($0) now, and the job keeps to its own" }),
            ("submitted", Text.time(job.submittedAt) + " UTC"),
            ("ended", job.endedAt.map { Text.time($0) + " UTC" }),
        ]
        if let progress = job.progress {
            pairs.append(("tasks", "\(progress.finished) of \(progress.tasks) finished, \(progress.failed) failed"))
            pairs.append(("on workers", "\(progress.assigned)"))
            if let trials = progress.trials { pairs.append(("trials", "\(progress.trialsFinished ?? 0) of \(trials) finished")) }
            pairs.append(("best so far", progress.best.map { Text.number($0) }))
        }
        pairs.append(("error", job.error.map { "\($0.code): \($0.message)" }))
        return Table.pairs(pairs) + (job.result == nil ? "" : "\n\n" + result(job))
    }

    /// What an ended job came to.
    static func result(_ job: JobView) -> String {
        var parts: [String] = []
        var head = "\(title(job)) \(job.state)"
        if let endedAt = job.endedAt { head += " after \(Text.duration(seconds: Double(endedAt - job.submittedAt) / 1000))" }
        if let result = job.result {
            head +=
                ", \(Text.count(result.tasks, "task"))" + (result.failed > 0 ? ", \(result.failed) failed" : "")
                + (result.cached.map { ", \($0) cached" } ?? "")
        }
        parts.append(head)
        if let error = job.error { parts.append(Text.clean(error.description, keepingLines: true)) }
        guard let result = job.result else { return parts.joined(separator: "\n") }
        if let leaderboard = result.leaderboard, !leaderboard.isEmpty {
            parts.append("\n" + TrialText.table(leaderboard, isRanked: true) + "\n")
        }
        if let scenarios = result.scenarios { parts.append("\n" + ScenarioText.table(scenarios) + "\n") }
        if let chosen = result.chosen { parts.append("\n" + ChosenText.table(chosen) + "\n") }
        if let paths = result.paths { parts.append("\n" + PathText.table(paths) + "\n") }
        for leak in result.leaks ?? [] { parts.append(Text.clean("\(leak)")) }
        var pairs: [(String, String?)] = []
        var counted = Text.count(result.trialsCounted ?? 0, "trial")
        if let earlier = result.earlierTrials, earlier > 0 { counted += ", \(earlier) of them before this study" }
        pairs.append(("deflated Sharpe", result.deflatedSharpe.map { "\(Text.number($0)) over \(counted)" }))
        for (name, value) in (result.metrics ?? [:]).sorted(by: { $0.key < $1.key }) { pairs.append((name, Text.number(value))) }
        pairs.append(("model", result.model.map { "\($0) version \(result.version ?? 0)" }))
        pairs.append(("gate", result.gate.map(gate)))
        if !result.resultHash.isEmpty { pairs.append(("result hash", result.resultHash)) }
        parts.append(Table.pairs(pairs))
        return parts.joined(separator: "\n")
    }

    private static func gate(_ gate: GateView) -> String {
        let values = gate.values.sorted { $0.key < $1.key }.map { "\($0.key) = \(Text.number($0.value))" }.joined(separator: ", ")
        return "\(gate.expression): \(gate.passed ? "passed, promoted to" : "not passed, not promoted to") \(gate.alias)"
            + (values.isEmpty ? "" : " (\(values))")
    }
}

/// Tasks as people read them.
enum TaskText {
    static func table(_ tasks: [TaskView]) -> String {
        var table = Table([.number("task"), .text("state"), .text("attempt"), .text("worker"), .number("ran"), .text("error")])
        for task in tasks {
            table.add([
                "\(task.index)", task.state, task.attempt ?? "", Text.hash(task.worker),
                Text.duration(seconds: Double(task.ranMicroseconds) / 1e6),
                task.error.map { "\($0.code): \($0.message)" } ?? "",
            ])
        }
        return table.text
    }
}
