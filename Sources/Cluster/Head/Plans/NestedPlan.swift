import Backtest
import MarketData
import Registry
import Scheduling
import Search
import Specs
import Statistics
import SwiftProtobuf
import Wire

/// A nested study: in every window a search of its own inside the train range, a task that judges its winner on the test range,
/// and one stitch over all windows.
///
/// Task indices: window w has its trials at w * stride ..< w * stride + trials and its judge after them; the stitch comes last.
struct NestedPlan: JobPlan {
    private let job: JobID
    private let spec: StudySpec
    private let windows: [Window]
    private let reuse: WindowReuse?
    private var searches: [NestedSearch]
    private var tally = TaskTally()
    /// Windows that are judged or have failed.
    private var settled = 0
    /// Windows whose results were known.
    private var reusedTasks = 0
    private var firstError: ErrorView?

    init(job: JobID, _ spec: StudySpec, space: SearchSpace, windows: [Window], reuse: WindowReuse? = nil) {
        self.job = job
        self.spec = spec
        self.windows = windows
        self.reuse = reuse
        searches = windows.map { window in
            var search = spec.search
            search.seed = Seed.derive(spec.search.seed, 3, UInt64(window.index))
            return NestedSearch(Study(search, space: space, goals: spec.goals, known: []), goals: spec.goals)
        }
    }

    private var stride: Int { Self.stride(trials: spec.search.trials) }
    /// Tasks of one window: its trials and its judge.
    static func stride(trials: Int) -> Int { trials + 1 }
    private var stitchIndex: Int { windows.count * stride }
    private var outOfSample: Range<Int> { (windows.first?.test.lowerBound ?? 0)..<(windows.last?.test.upperBound ?? 0) }
    var taskCount: Int { stitchIndex + 1 }
    var progress: PlanProgress {
        PlanProgress(
            trials: windows.count * spec.search.trials, trialsFinished: searches.reduce(0) { $0 + $1.study.finishedCount })
    }

    mutating func start(_: RecordedTrials) -> PlanStep {
        var step = PlanStep()
        for window in windows.indices { step.append(openTrials(of: window)) }
        return step
    }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        if Int(index) == stitchIndex { return conclude(end, result?.stitch, error: error) }
        let (window, part) = Int(index).quotientAndRemainder(dividingBy: stride)
        guard searches.indices.contains(window) else { return PlanStep() }
        if part == spec.search.trials {
            // A head that starts again finds a window that did not have to run among the recorded ones.
            if searches[window].judged != nil { return PlanStep() }
            return judged(window, end == .succeeded ? result?.window : nil, error: error)
        }
        return endTrial(part, of: window, end == .succeeded ? result?.stitch : nil, error: error)
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        var payload = ProtoTaskPayload()
        if Int(index) == stitchIndex {
            payload.stitch = .with {
                $0.parameters = "{}"
                $0.range = ProtoBarRange(outOfSample)
                $0.windows = searches.compactMap(\.judged)
                $0.tests = windows.map { ProtoBarRange($0.test) }
            }
            return payload
        }
        let (window, part) = Int(index).quotientAndRemainder(dividingBy: stride)
        guard searches.indices.contains(window) else { return payload }
        let search = searches[window]
        if part == spec.search.trials {
            payload.window = .with {
                $0.window = Int32(window)
                $0.parameters = search.chosen ?? "{}"
                $0.train = ProtoBarRange(windows[window].train)
                $0.test = ProtoBarRange(windows[window].test)
                $0.seed = TaskSeed.window(study: search.study.seed, trial: part, window: window)
            }
        } else {
            payload.run = .with {
                $0.parameters = search.open[part] ?? "{}"
                $0.range = ProtoBarRange(windows[window].train)
                $0.brief = true
            }
        }
        return payload
    }

    // MARK: - Windows

    private mutating func openTrials(of window: Int) -> PlanStep {
        var step = PlanStep()
        for (number, parameters) in searches[window].next() {
            let index = Int32(window * stride + number)
            step.tasks.append(.range(index..<index + 1))
            step.trials.append(record(window, number, "running", parameters))
        }
        return step
    }

    private func record(_ window: Int, _ number: Int, _ state: String, _ parameters: String) -> TrialRecord {
        TrialRecord(job: job, number: Int32(window * spec.search.trials + number), state: state, parameters: parameters)
    }

    private mutating func endTrial(
        _ number: Int, of window: Int, _ result: ProtoStitchResult?, error: ErrorView?
    ) -> PlanStep {
        var score: TrialScore?
        var fault = error
        do throws(ErrorView) {
            guard let result else { throw error ?? Self.noResult }
            score = try TrialScore(result, goals: spec.goals)
        } catch {
            fault = error
        }
        tally.count(score == nil ? .failed : .succeeded, error: fault)
        guard let parameters = searches[window].end(number, score) else { return PlanStep() }
        var record = record(window, number, score == nil ? "failed" : "succeeded", parameters)
        if let score {
            record.objective = score.objective
            record.metrics = CanonicalJSON.encode(score.metrics)
        } else {
            (record.errorCode, record.errorMessage) = (fault?.code, fault?.message)
        }
        var step = openTrials(of: window)
        step.trials.insert(record, at: 0)
        guard searches[window].study.isFinished else { return step }
        guard let best = searches[window].study.best else {
            if firstError == nil {
                let cause = fault ?? Self.noResult
                firstError = ErrorView(code: cause.code, message: "no trial of window \(window) succeeded: \(cause.message)")
            }
            step.append(settle())
            return step
        }
        let judge = Int32(window * stride + spec.search.trials)
        if let known = reuse?.results(best.parameters, [windows[window]])[0] {
            searches[window].judged = known
            reusedTasks += 1
            step.known.append((judge, .with { $0.window = known }))
            step.append(settle())
            return step
        }
        step.tasks.append(.range(judge..<judge + 1))
        return step
    }

    private mutating func judged(_ window: Int, _ result: ProtoWindowResult?, error: ErrorView?) -> PlanStep {
        let isSound = result?.isSound(for: windows[window]) ?? false
        let fault = isSound ? nil : error ?? ErrorView(code: "E_METRIC_VALUE", message: "a window's result is not finite")
        tally.count(isSound ? .succeeded : .failed, error: fault)
        if isSound { searches[window].judged = result } else if firstError == nil { firstError = fault }
        return settle()
    }

    /// Another window is over; after the last one comes the stitch.
    private mutating func settle() -> PlanStep {
        settled += 1
        guard settled == windows.count else { return PlanStep() }
        if let firstError { return PlanStep(conclusion: PlanConclusion(result: summary(nil), error: firstError)) }
        return PlanStep(tasks: [.range(Int32(stitchIndex)..<Int32(stitchIndex) + 1)])
    }

    // MARK: - The end

    private static let noResult = ErrorView(code: "E_METRIC_MISSING", message: "the trial came without a result")

    private mutating func conclude(_ end: TaskEnd, _ result: ProtoStitchResult?, error: ErrorView?) -> PlanStep {
        do throws(ErrorView) {
            guard end == .succeeded, let result else { throw error ?? Self.noResult }
            let score = try TrialScore(result, goals: Goals(MetricName.totalReturn.rawValue, .maximize))
            tally.count(end, error: nil)
            return PlanStep(conclusion: PlanConclusion(result: summary(score)))
        } catch {
            tally.count(.failed, error: error)
            return PlanStep(conclusion: PlanConclusion(result: summary(nil), error: error))
        }
    }

    private func summary(_ score: TrialScore?) -> JobResult {
        var hasher = ContentHasher()
        for (window, search) in searches.enumerated() {
            for trial in search.study.trials {
                let objective = trial.value.map { String($0.bitPattern, radix: 16) } ?? "failed"
                hasher.update("\(window) \(trial.number) \(CanonicalJSON.encode(trial.parameters)) \(objective)\n".utf8)
            }
        }
        hasher.update((score?.digest ?? "failed").utf8)
        var result = JobResult(resultHash: hasher.finish(), tasks: tally.ended + reusedTasks, failed: tally.failed)
        if reusedTasks > 0 { result.cached = reusedTasks }
        guard let score else { return result }
        result.metrics = score.metrics
        result.report = Int32(stitchIndex)
        result.trialsCounted = windows.count * spec.search.trials
        result.chosen = searches.enumerated().compactMap { window, search in
            guard let best = search.study.best, let objective = best.value, let judged = search.judged else { return nil }
            return ChosenView(
                window: window, parameters: CanonicalJSON.decode(CanonicalJSON.encode(best.parameters)) ?? [:],
                objective: objective, sharpe: judged.sharpe, totalReturn: judged.totalReturn)
        }
        return result
    }
}
