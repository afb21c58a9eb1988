import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A study whose trials are runs of a program, here or outside: trial t is the task at index t.
struct CommandStudyPlan: JobPlan {
    private let job: JobID
    private let spec: CommandStudySpec
    private var study: Study
    private var scores: [Int: CommandScore] = [:]
    private var ended = 0
    private var failed = 0
    private var firstError: ErrorView?
    private var recorded = RecordedTrials.none

    init(job: JobID, _ spec: CommandStudySpec, space: SearchSpace) {
        self.job = job
        self.spec = spec
        study = Study(
            space: space, sampler: spec.search.sampler.sampler, trials: spec.search.trials, seed: spec.search.seed,
            parallelTrials: spec.search.parallelTrials, direction: spec.direction, enqueued: spec.search.enqueue,
            order: spec.search.order)
    }

    var taskCount: Int { study.trialCount }
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
        ended += 1
        let number = Int(index)
        guard number >= 0, number < study.startedCount else { return PlanStep() }
        let isKnown = recorded.holdsEnd(of: number)
        var record = TrialRecord(job: job, number: index, state: "failed", parameters: "")
        do throws(ErrorView) {
            guard end == .succeeded, let result else {
                throw error ?? ErrorView(code: "E_CANCELLED", message: "it was cancelled")
            }
            let score = try CommandScore(result.command, objective: spec.metric)
            scores[number] = score
            record.state = "succeeded"
            record.objective = score.objective
            if !isKnown { record.metrics = CanonicalJSON.encode(score.metrics) }
            study.tell(number, .value(score.objective))
        } catch {
            failed += 1
            (record.errorCode, record.errorMessage) = (error.code, error.message)
            if firstError == nil { firstError = error }
            study.tell(number, .failed)
        }
        var step = openNextTrials()
        if !isKnown {
            record.parameters = CanonicalJSON.encode(study.trial(number)?.parameters ?? [:])
            step.trials.insert(record, at: 0)
        }
        if study.isFinished { step.conclusion = conclusion() }
        return step
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        let own = study.trial(Int(index))?.parameters ?? [:]
        return .with {
            $0.command = .with {
                ($0.index, $0.attempt) = (index, Int32(clamping: attempt))
                $0.parameters = CanonicalJSON.encode(spec.program.parameters.merging(own) { _, own in own })
            }
        }
    }

    private mutating func openNextTrials() -> PlanStep {
        var step = PlanStep()
        while let (trial, parameters) = recorded.next(of: &study) {
            let index = Int32(trial.number)
            step.tasks.append(.range(index..<index + 1))
            if !recorded.holds(trial.number) {
                step.trials.append(TrialRecord(job: job, number: index, state: "running", parameters: parameters))
            }
        }
        return step
    }

    private func conclusion() -> PlanConclusion {
        let trials = study.trials
        let ranked = trials.filter { $0.value != nil }.sorted { first, second in
            guard let a = first.value, let b = second.value, a != b else { return first.number < second.number }
            return study.direction == .maximize ? a > b : a < b
        }
        var hasher = ContentHasher()
        for trial in trials {
            hasher.update(
                "\(trial.number) \(CanonicalJSON.encode(trial.parameters)) \(scores[trial.number]?.line ?? "failed")\n".utf8)
        }
        var result = JobResult(resultHash: hasher.finish(), tasks: ended, failed: failed, trialsCounted: study.trialCount)
        result.leaderboard = ranked.prefix(20).map { trial in
            TrialView(
                number: Int32(trial.number), state: "succeeded",
                parameters: CanonicalJSON.decode(CanonicalJSON.encode(trial.parameters)) ?? [:], objective: trial.value,
                metrics: scores[trial.number]?.metrics ?? [:])
        }
        var conclusion = PlanConclusion(result: result)
        if ranked.isEmpty {
            conclusion.error = ErrorView(
                code: firstError?.code ?? "E_STUDY_FAILED", message: "no trial succeeded: \(firstError?.message ?? "")",
                hint: firstError?.hint)
        }
        return conclusion
    }
}
