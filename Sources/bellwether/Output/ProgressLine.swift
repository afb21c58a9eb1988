import Cluster

/// One line that says how far a job is.
enum ProgressLine {
    /// `job 3  [=====>    ]  52%  104/200 trials  33.1 tasks/s  best 1.24  12 s left`, shortened to `width`.
    static func text(_ job: JobView, _ meter: ProgressMeter, width: Int) -> String {
        let start = "job \(job.id)"
        guard let progress = job.progress, progress.tasks > 0 else {
            return fit([(start, 0), (job.hasEnded ? job.state : "waiting", 0)], width)
        }
        let share = min(1, Double(progress.finished + progress.failed) / Double(progress.tasks))
        // Each part with how soon it is left out when the terminal is narrow.
        var parts = [(start, 0), (bar(share, cells: width >= 100 ? 30 : 16), 3), ("\(Int((share * 100).rounded(.down)))%", 0)]
        if let trials = progress.trials, let finished = progress.trialsFinished {
            parts.append(("\(finished)/\(trials) trials", 2))
        } else {
            parts.append(("\(progress.finished)/\(progress.tasks) tasks", 2))
        }
        if progress.failed > 0 { parts.append(("\(progress.failed) failed", 1)) }
        if let rate = meter.perSecond { parts.append(("\(Text.number(rate)) tasks/s", 4)) }
        if let best = progress.best { parts.append(("best \(Text.number(best))", 1)) }
        if let left = meter.secondsLeft(total: progress.tasks), share < 1 {
            parts.append(("\(Text.duration(seconds: left)) left", 0))
        }
        return fit(parts, width)
    }

    static func bar(_ share: Double, cells: Int) -> String {
        let full = min(cells, max(0, Int(share * Double(cells))))
        let head = full < cells ? ">" : ""
        return "[" + String(repeating: "=", count: full) + head + String(repeating: " ", count: max(0, cells - full - head.count))
            + "]"
    }

    /// The parts in a line shorter than `width`, so that the cursor stays on it; the most dispensable ones go first.
    private static func fit(_ parts: [(text: String, dispensable: Int)], _ width: Int) -> String {
        var parts = parts
        while true {
            let line = parts.map(\.text).joined(separator: "  ")
            let most = parts.map(\.dispensable).max() ?? 0
            if line.count < width || most == 0 { return String(line.prefix(max(20, width - 1))) }
            parts.removeAll { $0.dispensable == most }
        }
    }
}
