import Cluster

/// What `study watch` knows at one moment.
struct WatchView: Encodable, Hashable {
    var job: Int64
    var name: String
    var state: String
    /// Trials in all, those that are over, and of these the ones that failed or were pruned.
    var trials: Int
    var finished: Int
    var failed: Int
    var pruned: Int
    /// The best so far, and the best before it, newest first.
    var best: TrialView?
    var bests: [Best]
    /// How probable each sampler of a portfolio is to propose the next trial.
    var samplers: [String: Double]?

    /// A trial that was the best when it came.
    struct Best: Encodable, Hashable {
        var number: Int32
        var objective: Double
    }

    init(_ view: JobView, trials all: [TrialView]) {
        (job, name, state) = (view.id, view.name, view.state)
        finished = all.count { $0.state != "running" }
        trials = view.progress?.trials ?? all.count
        failed = all.count { $0.state == "failed" }
        pruned = all.count { $0.state == "pruned" }
        samplers = view.progress?.samplers
        // A running job says its best value but not which way is better: the best of all is the largest or the smallest.
        let known = all.compactMap { trial in trial.objective.map { (trial: trial, objective: $0) } }
        let value = view.result?.leaderboard?.first?.objective ?? view.progress?.best
        let isMaximized = known.contains { $0.objective < value ?? $0.objective }
        var bests: [Best] = []
        for (trial, objective) in known {
            if let last = bests.last, last.objective == objective || (last.objective > objective) == isMaximized { continue }
            bests.append(Best(number: trial.number, objective: objective))
            best = trial
        }
        self.bests = bests.reversed()
    }
}
