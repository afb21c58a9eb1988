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

    init(job: JobID, _ spec: CommandStudySpec, study: Study) {
        self.job = job
        self.spec = spec
        self.study = study
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
            let score = try CommandScore(result.command, goals: spec.goals)
            scores[number] = score
            record.state = "succeeded"
            record.objective = score.objective
            if !isKnown { record.metrics = CanonicalJSON.encode(score.metrics) }
            study.tell(number, spec.goals.outcome(score.metrics))
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
        var hasher = ContentHasher()
        for trial in trials {
            hasher.update(
                "\(trial.number) \(CanonicalJSON.encode(trial.parameters)) \(scores[trial.number]?.line ?? "failed")\n".utf8)
        }
        var result = JobResult(resultHash: hasher.finish(), tasks: ended, failed: failed, trialsCounted: study.trialCount)
        let views = StudyViews(study, goals: spec.goals) { scores[$0]?.metrics }
        result.leaderboard = views.leaderboard
        (result.front, result.hypervolume) = (views.front, study.hypervolume)
        var conclusion = PlanConclusion(result: result)
        if study.best == nil {
            conclusion.error = ErrorView(
                code: firstError?.code ?? "E_STUDY_FAILED", message: "no trial succeeded: \(firstError?.message ?? "")",
                hint: firstError?.hint)
        }
        return conclusion
    }
}
