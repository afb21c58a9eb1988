/// The order in which trials run to rungs: which run comes next, and which results that may depend on.
///
/// Run k is chosen from the results of runs 0...k - `parallel`, taken in order of run, or of as many more as it takes to have a
/// choice; never from what happened to finish in time. So the runs are a function of the results, on one worker or many.
struct RungClock: Sendable {
    private var ladder: any Ladder
    private let lastRung: Int
    private let trialCount: Int
    private let parallel: Int
    private var runs: [RungRun] = []
    /// Per run what it came to, once that is told.
    private var results: [Result?] = []
    private var places: [RungRun: Int] = [:]
    /// How many runs' results count: 0..<known.
    private var known = 0
    private var startedTrials = 0

    private enum Result: Sendable {
        case loss(Double)
        case failed
    }

    private var hasWhole = false

    init(_ ladder: any Ladder, rungs: Int, trials: Int, parallel: Int) {
        (self.ladder, lastRung, trialCount, self.parallel) = (ladder, rungs - 1, trials, parallel)
    }

    /// Whether every run has ended and none follows, as `next` has found.
    private(set) var isFinished = false

    /// The next run, and the runs whose results have come to count since the call before; the run is nil when results are missing
    /// that it depends on, or when there is none.
    mutating func next() -> (run: RungRun?, known: [RungRun]) {
        var news: [RungRun] = []
        while known < runs.count - parallel + 1 {
            guard let run = reveal() else { return (nil, news) }
            news.append(run)
        }
        while true {
            if let run = ladder.promotion() { return (start(run), news) }
            if startedTrials < trialCount {
                startedTrials += 1
                return (start(RungRun(trial: startedTrials - 1, rung: ladder.firstRung(of: startedTrials - 1))), news)
            }
            if known == runs.count {
                if !hasWhole, let run = bestWaiting() { return (start(run), news) }
                isFinished = true
            }
            guard let run = reveal() else { return (nil, news) }
            news.append(run)
        }
    }

    /// When a ladder with few trials ends below its last rung: the next run of the best trial at the highest rung.
    private func bestWaiting() -> RungRun? {
        let started = Set(runs)
        var best: (loss: Double, run: RungRun)?
        for (run, result) in zip(runs, results) {
            let next = RungRun(trial: run.trial, rung: run.rung + 1)
            guard case .loss(let loss) = result, !started.contains(next) else { continue }
            if let best, (-best.run.rung, best.loss, best.run.trial) <= (-next.rung, loss, next.trial) { continue }
            best = (loss, next)
        }
        return best?.run
    }

    /// Says what a run came to; nil when it failed. The first word on a run counts.
    mutating func tell(_ run: RungRun, loss: Double?) {
        guard let place = places.removeValue(forKey: run) else { return }
        results[place] = loss.map(Result.loss) ?? .failed
    }

    private mutating func start(_ run: RungRun) -> RungRun {
        places[run] = runs.count
        runs.append(run)
        results.append(nil)
        return run
    }

    /// Lets the next result count.
    private mutating func reveal() -> RungRun? {
        guard known < runs.count, let result = results[known] else { return nil }
        let run = runs[known]
        switch result {
        case .loss(let loss):
            ladder.take(run, loss: loss)
            if run.rung == lastRung { hasWhole = true }
        case .failed: ladder.take(run, loss: nil)
        }
        known += 1
        return run
    }
}
