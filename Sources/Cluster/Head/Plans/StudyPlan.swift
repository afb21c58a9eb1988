import Backtest
import MarketData
import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A study, or a backtest as a study of one trial: each trial fans out into one task a window and a stitch task that waits
/// for them; when all trials are over, a fit task makes the model of the best.
///
/// Task indices: trial t has windows at t * stride ..< t * stride + windows.count and its stitch after them; the fit task
/// comes after the last trial.
struct StudyPlan: JobPlan {
    let job: JobID
    let goal: StudyGoal
    let windows: [Window]
    let bars: Int
    private let reuse: WindowReuse?
    private(set) var study: Study
    private var openTrials: [Int: OpenTrial] = [:]
    private var scores: [Int: TrialScore] = [:]
    private var endedTasks = 0
    /// Windows whose results were known.
    private var reusedTasks = 0
    private var failedTasks = 0
    private var firstError: ErrorView?
    private var recorded = RecordedTrials.none

    /// A trial whose tasks have not all ended.
    private struct OpenTrial {
        let parameters: String
        var results: [ProtoWindowResult?]
        var error: ErrorView?
    }

    init(job: JobID, goal: StudyGoal, study: Study, windows: [Window], bars: Int, reuse: WindowReuse? = nil) {
        self.job = job
        self.goal = goal
        self.study = study
        self.windows = windows
        self.bars = bars
        self.reuse = reuse
    }

    private var stride: Int { windows.count + 1 }
    private var fitIndex: Int { study.trialCount * stride }
    private var outOfSample: Range<Int> { (windows.first?.test.lowerBound ?? 0)..<(windows.last?.test.upperBound ?? 0) }
    var taskCount: Int { fitIndex + (goal.registersModel ? 1 : 0) }
    var progress: PlanProgress {
        PlanProgress(
            trials: study.trialCount, trialsFinished: study.finishedCount, best: study.best?.value,
            samplers: study.samplerShares.map { Dictionary($0.map { ($0.name, $0.share) }) { $1 } })
    }

    var readsTrials: Bool { true }

    mutating func start() -> PlanStep { openNextTrials() }

    mutating func start(_ recorded: RecordedTrials) -> PlanStep {
        self.recorded = recorded
        return openNextTrials()
    }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        // A head that starts again finds a window that did not have to run among the recorded ones.
        if isKnown(Int(index)) { return PlanStep() }
        endedTasks += 1
        if end != .succeeded { failedTasks += 1 }
        if firstError == nil { firstError = error }
        if Int(index) == fitIndex { return concludeFit(result?.fit, error: error) }
        let (number, part) = Int(index).quotientAndRemainder(dividingBy: stride)
        guard openTrials[number] != nil else { return PlanStep() }
        if part < windows.count {
            if end == .succeeded, let window = result?.window, window.isSound(for: windows[part]) {
                openTrials[number]?.results[part] = window
            } else if openTrials[number]?.error == nil {
                openTrials[number]?.error = error ?? ErrorView(code: "E_METRIC_VALUE", message: "a window's result is not finite")
            }
            return PlanStep()
        }
        return endTrial(number, end == .succeeded ? result?.stitch : nil, error: error)
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        var payload = ProtoTaskPayload()
        if Int(index) == fitIndex {
            if let best = study.best { payload.fit = goal.fitTask(best, bars: bars, seed: study.seed) }
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
                $0.seed = TaskSeed.window(study: study.seed, trial: number, window: part)
            }
        } else {
            payload.stitch = ProtoStitchTask.with {
                $0.trial = Int32(number)
                $0.parameters = trial.parameters
                $0.range = ProtoBarRange(outOfSample)
                $0.windows = trial.results.compactMap { $0 }
                $0.tests = windows.map { ProtoBarRange($0.test) }
            }
        }
        return payload
    }

    // MARK: - Trials

    private mutating func openNextTrials() -> PlanStep {
        var step = PlanStep()
        while let (trial, parameters) = recorded.next(of: &study) {
            openTrials[trial.number] = OpenTrial(
                parameters: parameters, results: Array(repeating: nil, count: windows.count))
            let first = Int32(trial.number * stride)
            let stitch = first + Int32(windows.count)
            step.append(windowTasks(of: trial, first..<stitch))
            if !recorded.holds(trial.number) {
                step.trials.append(TrialRecord(job: job, number: Int32(trial.number), state: "running", parameters: parameters))
            }
        }
        return step
    }

    private func isKnown(_ index: Int) -> Bool {
        let (number, part) = index.quotientAndRemainder(dividingBy: stride)
        return part < windows.count && openTrials[number]?.results[part] != nil
    }

    /// The tasks of a trial's windows and the stitch after them, without those whose results are known.
    private mutating func windowTasks(of trial: Trial, _ indices: Range<Int32>) -> PlanStep {
        let stitch = indices.upperBound
        let known = reuse?.results(trial.parameters, windows) ?? [:]
        guard !known.isEmpty else { return PlanStep(tasks: [.range(indices), .dependent(stitch, on: indices)]) }
        reusedTasks += known.count
        var step = PlanStep()
        for (place, index) in zip(windows.indices, indices) {
            if let window = known[place] {
                openTrials[trial.number]?.results[place] = window
                step.known.append((index, .with { $0.window = window }))
            } else {
                step.tasks.append(.range(index..<index + 1))
            }
        }
        step.tasks.append(step.tasks.isEmpty ? .range(stitch..<stitch + 1) : .dependent(stitch, on: indices))
        return step
    }

    private mutating func endTrial(_ number: Int, _ result: ProtoStitchResult?, error: ErrorView?) -> PlanStep {
        guard let trial = openTrials.removeValue(forKey: number) else { return PlanStep() }
        var record = TrialRecord(job: job, number: Int32(number), state: "failed", parameters: trial.parameters)
        do throws(ErrorView) {
            let score = try score(of: trial, result, error: error)
            scores[number] = score
            record.state = "succeeded"
            record.objective = score.objective
            record.metrics = CanonicalJSON.encode(score.metrics)
            study.tell(number, goal.goals.outcome(score.metrics))
        } catch {
            (record.errorCode, record.errorMessage) = (error.code, error.message)
            if firstError == nil { firstError = error }
            study.tell(number, .failed)
        }
        var step = openNextTrials()
        if !recorded.holdsEnd(of: number) { step.trials.insert(record, at: 0) }
        guard study.isFinished else { return step }
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
        return step
    }

    /// What a trial came to. A trial with an unsound window has no score, whatever its stitch makes of the rest.
    private func score(
        of trial: OpenTrial, _ result: ProtoStitchResult?, error: ErrorView?
    ) throws(ErrorView) -> TrialScore {
        if let error = trial.error ?? error { throw error }
        guard let result else { throw Self.noResult }
        return try TrialScore(result, goals: goal.goals)
    }

    private static let noResult = ErrorView(code: "E_METRIC_MISSING", message: "the trial came without a result")

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
        if goal.isStudy {
            let views = StudyViews(study, goals: goal.goals) { scores[$0]?.metrics }
            result.leaderboard = views.leaderboard
            (result.front, result.hypervolume) = (views.front, study.hypervolume)
            result.trialsCounted = trialsCounted
            result.earlierTrials = goal.earlierTrials
            result.deflatedSharpe = ranked.first.flatMap { scores[$0.number] }.flatMap { best in
                TrialScore.deflatedSharpe(
                    of: best, among: study.trials.compactMap { scores[$0.number] }, trials: trialsCounted)
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
            let objective = score.map { String($0.objective.bitPattern, radix: 16) } ?? "failed"
            let line = "\(trial.number) \(CanonicalJSON.encode(trial.parameters)) \(objective) \(score?.digest ?? "")\n"
            hasher.update(line.utf8)
        }
        hasher.update(manifest.utf8)
        return hasher.finish()
    }
}
