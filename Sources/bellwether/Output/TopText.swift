import Cluster

/// The whole cluster on one screen: workers, open jobs, throughput.
struct TopText {
    /// What was seen at one moment.
    struct Sight: Sendable {
        var info: InfoView
        var workers: [WorkerView]
        var jobs: [JobView]
        /// Seconds on a monotonic clock.
        var at: Double
    }

    /// The screen for `sight`, with rates since `before`, at most `rows` lines of `columns` characters.
    static func screen(_ sight: Sight, since before: Sight?, rows: Int, columns: Int) -> String {
        let lines =
            summary(sight, since: before) + [""] + jobs(sight, rows: max(3, rows / 3)) + [""] + workers(sight, since: before)
        return lines.prefix(max(1, rows)).map { String($0.prefix(max(20, columns))) }.joined(separator: "\n")
    }

    private static func summary(_ sight: Sight, since before: Sight?) -> [String] {
        let cores = sight.workers.reduce(Int64(0)) { $0 + $1.milliCPU }
        let used = sight.workers.reduce(Int64(0)) { $0 + $1.milliCPUInUse }
        let share = cores > 0 ? Double(used) / Double(cores) : 0
        var first = "cluster \(Text.clean(sight.info.clusterID.prefix(8).description))  term \(sight.info.term)  "
        first += "\(Text.count(sight.workers.count, "worker"))  \(Text.count(sight.info.openJobs, "open job"))  "
        first += "\(sight.info.queuedTasks) tasks queued"
        var second =
            "cores \(ProgressLine.bar(share, cells: 30)) \(Text.number(Double(used) / 1000)) of \(Text.number(Double(cores) / 1000))"
        if let rate = rate(sight, since: before, \.finished) { second += "  \(Text.number(rate)) tasks/s" }
        return [first, second]
    }

    private static func jobs(_ sight: Sight, rows: Int) -> [String] {
        guard !sight.jobs.isEmpty else { return ["no open jobs"] }
        var table = Table([
            .number("job"), .text("name"), .text("kind"), .number("priority"), .text("done"), .number("tasks"),
            .number("on workers"),
            .number("failed"), .text("state"),
        ])
        for job in sight.jobs.prefix(rows) {
            let progress = job.progress
            let share = progress.map { $0.tasks > 0 ? Double($0.finished) / Double($0.tasks) : 0 } ?? 0
            table.add([
                "\(job.id)", job.name, job.kind, "\(job.priority)", ProgressLine.bar(share, cells: 12),
                progress.map { "\($0.finished)/\($0.tasks)" } ?? "", progress.map { "\($0.assigned)" } ?? "",
                progress.map { "\($0.failed)" } ?? "", job.paused == true ? "paused" : job.state,
            ])
        }
        let more = sight.jobs.count - rows
        return lines(table.text) + (more > 0 ? ["... \(more) more"] : [])
    }

    private static func workers(_ sight: Sight, since before: Sight?) -> [String] {
        guard !sight.workers.isEmpty else { return ["no workers"] }
        var table = Table([
            .number("worker"), .text("host"), .text("cores"), .number("in use"), .number("memory"), .number("tasks"),
            .number("finished"),
            .number("tasks/s"), .number("silent"), .text("state"),
        ])
        let earlier = Dictionary((before?.workers ?? []).map { ($0.id, $0.finished) }) { first, _ in first }
        for worker in sight.workers {
            let share = worker.milliCPU > 0 ? Double(worker.milliCPUInUse) / Double(worker.milliCPU) : 0
            let rate = before.flatMap { before in
                earlier[worker.id].map { Double(worker.finished &- $0) / max(1e-3, sight.at - before.at) }
            }
            table.add([
                "\(worker.id)", worker.host, ProgressLine.bar(share, cells: 12), Text.number(Double(worker.milliCPUInUse) / 1000),
                Text.bytes(worker.memory), "\(worker.assigned)", "\(worker.finished)", rate.map { Text.number($0) } ?? "",
                Text.duration(seconds: Double(worker.silentMilliseconds) / 1000), worker.draining ? "draining" : "ready",
            ])
        }
        return lines(table.text)
    }

    /// How fast a counter of the workers that were there before has grown.
    private static func rate(_ sight: Sight, since before: Sight?, _ counter: (WorkerView) -> UInt64) -> Double? {
        guard let before else { return nil }
        let earlier = Dictionary(before.workers.map { ($0.id, counter($0)) }) { first, _ in first }
        let grown = sight.workers.reduce(UInt64(0)) { sum, worker in
            guard let old = earlier[worker.id], counter(worker) >= old else { return sum }
            return sum + counter(worker) - old
        }
        return Double(grown) / max(1e-3, sight.at - before.at)
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}
