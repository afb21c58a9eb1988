import Backtest
import MarketData
import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A study, or a backtest as a study of one trial: each trial fans out into one task a window and a stitch task that waits
/// for them; when all trials are over, a fit task makes the model of the best. Under a pruner a trial's windows come rung by
/// rung, and those past the rung where it ends never.
///
/// Task indices: trial t has windows, in the order in which they run, at t * stride ..< t * stride + windows.count and its stitch
/// after them; the fit task comes after the last trial.
struct StudyPlan: JobPlan {
    let job: JobID
    let goal: StudyGoal
    /// In the order in which they run.
    let windows: [Window]
    let bars: Int
    let reuse: WindowReuse?
    var search: PrunedStudy
    var openTrials: [Int: OpenTrial] = [:]
    private(set) var scores: [Int: TrialScore] = [:]
    /// What pruning has come to; nil in a study without a pruner.
    var pruning: PruningView?
    var tasksDropped = 0
    /// The trials that were pruned, by number.
    var prunedTrials: [Int: PrunedTrial] = [:]
    private var endedTasks = 0
    /// Windows that did not have to run, of those that were asked for.
    var reusedTasks = 0
    /// The tasks of windows whose results are known, asked for or not.
    var knownTasks: Set<Int32> = []
    private var failedTasks = 0
    var firstError: ErrorView?
    private var areTrialsOver = false
    var recorded = RecordedTrials.none

    /// What is kept of a pruned trial.
    struct PrunedTrial {
        let windows: Int
        /// The mean of its windows' Sharpe ratios.
        let sharpe: Double
    }

    /// A trial that is not over: it runs, or waits at a rung.
    struct OpenTrial {
        let parameters: String
        /// Windows that were asked for.
        var asked = 0
        /// Windows that have ended, one after the other from the first.
        var ended = 0
        /// Windows that the search was told of.
        var told = 0
        /// Whether it waits at a rung for the search to let it go on.
        var isWaiting = false
        var windows: [WindowEnd]
        /// Results that an earlier job has left, by window; they count when the window is asked for.
        var known: [Int: ProtoWindowResult] = [:]
        /// The stitch's end, if it is known before it was asked for: after a restart results come in order of index.
        var stitch: StitchEnd?
    }

    enum WindowEnd {
        case open, failed(ErrorView)
        case succeeded(ProtoWindowResult)
    }

    struct StitchEnd {
        var result: ProtoStitchResult?
        var error: ErrorView?
    }

    init(
        job: JobID, goal: StudyGoal, study: Study, windows: [Window], bars: Int, reuse: WindowReuse? = nil,
        pruner: PrunerSpec? = nil
    ) {
        self.job = job
        self.goal = goal
        self.bars = bars
        self.reuse = reuse
        guard let pruner else {
            self.windows = windows
            search = PrunedStudy(study, steps: windows.count)
            return
        }
        self.windows = pruner.order.steps(windows.count).map { windows[$0] }
        search = pruner.rule.pruned(study, rungs: pruner.rungs(of: windows.count))
        pruning = PruningView(steps: study.trialCount * windows.count)
    }

    var study: Study { search.study }
    var stride: Int { windows.count + 1 }
    private var fitIndex: Int { study.trialCount * stride }
    private var outOfSample: Range<Int> {
        (windows.map(\.test.lowerBound).min() ?? 0)..<(windows.map(\.test.upperBound).max() ?? 0)
    }
    var taskCount: Int { fitIndex + (goal.registersModel ? 1 : 0) }
    var progress: PlanProgress { PlanProgress(study, pruning: pruning, tasksDropped: tasksDropped) }

    var readsTrials: Bool { true }

    mutating func start(_ recorded: RecordedTrials) -> PlanStep {
        self.recorded = recorded
        return goOn()
    }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        // A head that starts again finds a window that did not have to run among the recorded ones.
        if knownTasks.contains(index) { return PlanStep() }
        endedTasks += 1
        if end != .succeeded { failedTasks += 1 }
        if firstError == nil { firstError = error }
        if Int(index) == fitIndex { return concludeFit(result?.fit, error: error) }
        let (number, part) = Int(index).quotientAndRemainder(dividingBy: stride)
        guard openTrials[number] != nil else { return PlanStep() }
        var step = PlanStep()
        if part < windows.count {
            take(end == .succeeded ? result?.window : nil, error: error, part: part, of: number)
        } else {
            openTrials[number]?.stitch = StitchEnd(result: end == .succeeded ? result?.stitch : nil, error: error)
        }
        if settle(number, &step) { step.append(goOn()) }
        return step
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        var payload = ProtoTaskPayload()
        if Int(index) == fitIndex {
            if let best = search.study.best { payload.fit = goal.fitTask(best, bars: bars, seed: search.study.seed) }
            return payload
        }
        let (number, part) = Int(index).quotientAndRemainder(dividingBy: stride)
        guard let trial = openTrials[number] else { return payload }
        if part < windows.count {
            payload.window = ProtoWindowTask.with {
                $0.trial = Int32(number)
                $0.window = Int32(part)
                $0.parameters = trial.parameters
                $0.train = ProtoBarRange(windows[part].train)
                $0.test = ProtoBarRange(windows[part].test)
                $0.seed = TaskSeed.window(study: search.study.seed, trial: number, window: windows[part].index)
            }
        } else {
            payload.stitch = ProtoStitchTask.with {
                $0.trial = Int32(number)
                $0.parameters = trial.parameters
                $0.range = ProtoBarRange(outOfSample)
                $0.windows = trial.windows.compactMap(\.result)
                $0.tests = windows.map { ProtoBarRange($0.test) }
            }
        }
        return payload
    }

    // MARK: - Trials

    /// What all has been asked for of a trial having ended, finishes it with `record`.
    mutating func end(_ number: Int, _ trial: OpenTrial, _ stitch: StitchEnd?, _ step: inout PlanStep) {
        openTrials[number] = nil
        var record = TrialRecord(job: job, number: Int32(number), state: "failed", parameters: trial.parameters)
        if pruning != nil { record.steps = Int32(trial.asked) }
        do throws(ErrorView) {
            let score = try score(of: trial, stitch)
            scores[number] = score
            record.state = "succeeded"
            record.objective = score.objective
            record.metrics = CanonicalJSON.encode(score.metrics)
            search.finish(number, goal.goals.outcome(score.metrics))
        } catch {
            (record.errorCode, record.errorMessage) = (error.code, error.message)
            if firstError == nil { firstError = error }
            search.finish(number, .failed)
        }
        if !recorded.holdsEnd(of: number) { step.trials.append(record) }
    }

    /// What follows when every trial is over.
    mutating func concludeTrials(_ step: inout PlanStep) {
        guard search.isFinished, !areTrialsOver else { return }
        areTrialsOver = true
        pruneWaiting(&step)
        if study.best == nil {
            // Every trial has failed by an error of its own; the first one speaks for all.
            let cause = firstError ?? Self.noResult
            step.conclusion = PlanConclusion(
                result: summary(), error: ErrorView(code: cause.code, message: "no trial succeeded: \(cause.message)"))
        } else if goal.registersModel {
            step.tasks.append(.range(Int32(fitIndex)..<Int32(fitIndex) + 1))
        } else {
            step.conclusion = PlanConclusion(result: summary())
        }
    }

    /// What a trial came to. A trial with an unsound window has no score, whatever its stitch makes of the rest.
    private func score(of trial: OpenTrial, _ stitch: StitchEnd?) throws(ErrorView) -> TrialScore {
        if let error = trial.error ?? stitch?.error { throw error }
        guard let result = stitch?.result else { throw Self.noResult }
        return try TrialScore(result, goals: goal.goals)
    }

    static let noResult = ErrorView(code: "E_METRIC_MISSING", message: "the trial came without a result")

    // MARK: - The end

    private func concludeFit(_ fit: ProtoFitResult?, error: ErrorView?) -> PlanStep {
        var step = PlanStep()
        var conclusion = PlanConclusion(result: summary(manifest: fit?.manifest ?? ""))
        if let fit, let best = study.best, ContentHash.isWellFormed(fit.manifest) {
            conclusion.registration = goal.registration(
                of: best, fit: fit, metrics: conclusion.result.leaderboard?.first?.metrics ?? [:],
                deflatedSharpe: conclusion.result.deflatedSharpe, trials: trialsCounted, seed: study.seed)
        } else {
            conclusion.error = error ?? ErrorView(code: "E_DECODE", message: "the fitted model's name is not a hash")
        }
        step.conclusion = conclusion
        return step
    }

    /// Every trial that the best was picked from: this study's and all before it on the same dataset.
    private var trialsCounted: Int { goal.earlierTrials + study.trialCount }

    private func summary(manifest: String = "") -> JobResult {
        let ranked = study.ranked
        var result = JobResult(
            resultHash: resultHash(manifest: manifest), tasks: endedTasks + reusedTasks, failed: failedTasks)
        if reusedTasks > 0 { result.cached = reusedTasks }
        result.pruning = pruning
        if goal.isStudy {
            let views = StudyViews(study, goals: goal.goals) { scores[$0]?.metrics }
            result.leaderboard = views.leaderboard
            (result.front, result.hypervolume) = (views.front, study.hypervolume)
            result.trialsCounted = trialsCounted
            result.earlierTrials = goal.earlierTrials
            result.deflatedSharpe = ranked.first.flatMap { scores[$0.number] }.flatMap { best in
                TrialScore.deflatedSharpe(
                    of: best, among: study.trials.compactMap { scores[$0.number] },
                    pruned: study.trials.compactMap { prunedTrials[$0.number]?.sharpe }, trials: trialsCounted)
            }
        } else {
            result.metrics = scores[0]?.metrics
        }
        return result
    }

    /// SHA-256 over the trials in order: point, objective and every out-of-sample return to the last bit.
    private func resultHash(manifest: String) -> String {
        var hasher = ContentHasher()
        for trial in study.trials {
            let score = scores[trial.number]
            let pruned = prunedTrials[trial.number].map { "pruned after \($0.windows)" }
            let objective = score.map { String($0.objective.bitPattern, radix: 16) } ?? pruned ?? "failed"
            let line = "\(trial.number) \(CanonicalJSON.encode(trial.parameters)) \(objective) \(score?.digest ?? "")\n"
            hasher.update(line.utf8)
        }
        hasher.update(manifest.utf8)
        return hasher.finish()
    }
}
