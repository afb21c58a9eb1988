import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A study whose trials are runs of a program, here or outside: trial t is the task at index t. Under a pruner a trial is a run for each rung, each
/// going on from the checkpoint of the one before: run r of trial t is the task at index t * rungs + r.
struct CommandStudyPlan: JobPlan {
    private let job: JobID
    private let spec: CommandStudySpec
    private var search: PrunedStudy
    private var scores: [Int: CommandScore] = [:]
    private var ended = 0
    private var failed = 0
    private var firstError: ErrorView?
    private var pruning: PruningView?
    private var tasksDropped = 0
    private var openTrials: [Int: OpenTrial] = [:]
    private var prunedAfter: [Int: Int] = [:]
    private var isConcluded = false
    private var recorded = RecordedTrials.none

    /// A trial that is not over: it runs, or waits at a rung.
    private struct OpenTrial {
        /// The rung it runs to or waits at.
        var rung: Int
        /// SHA-256 of the checkpoint of its run before; empty when there is none.
        var checkpoint = ""
        /// The ends of runs that are known before they were asked for: after a restart results come in order of index.
        var early: [Int: RunEnd] = [:]
    }

    private struct RunEnd {
        var result: ProtoCommandResult?
        var error: ErrorView?
    }

    init(job: JobID, _ spec: CommandStudySpec, study: Study) {
        self.job = job
        self.spec = spec
        guard let pruner = spec.search.pruner, let steps = pruner.steps else {
            search = PrunedStudy(study, steps: 1)
            return
        }
        search = pruner.rule.pruned(study, rungs: pruner.rungs(of: steps))
        pruning = PruningView(steps: study.trialCount * steps)
    }

    private var study: Study { search.study }
    var taskCount: Int { study.trialCount * search.rungs.count }
    var progress: PlanProgress { PlanProgress(study, pruning: pruning, tasksDropped: tasksDropped) }

    var readsTrials: Bool { true }

    mutating func start(_ recorded: RecordedTrials) -> PlanStep {
        self.recorded = recorded
        return goOn()
    }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        ended += 1
        if end != .succeeded { failed += 1 }
        let (number, rung) = Int(index).quotientAndRemainder(dividingBy: search.rungs.count)
        guard openTrials[number] != nil else { return PlanStep() }
        let error = end == .succeeded ? nil : error ?? ErrorView(code: "E_CANCELLED", message: "it was cancelled")
        openTrials[number]?.early[rung] = RunEnd(result: end == .succeeded ? result?.command : nil, error: error)
        var step = PlanStep()
        settle(number, &step)
        step.append(goOn())
        return step
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        let (number, rung) = Int(index).quotientAndRemainder(dividingBy: search.rungs.count)
        let own = study.trial(number)?.parameters ?? [:]
        return .with {
            $0.command = .with {
                ($0.index, $0.attempt) = (index, Int32(clamping: attempt))
                $0.parameters = CanonicalJSON.encode(spec.program.parameters.merging(own) { _, own in own })
                $0.checkpoint = openTrials[number]?.checkpoint ?? ""
                if pruning != nil { $0.steps = Int64(search.rungs[rung]) }
            }
        }
    }

    /// Starts every run that may start now, and concludes when there is none and will be none.
    private mutating func goOn() -> PlanStep {
        var step = PlanStep()
        while let (run, opened) = recorded.next(of: &search) {
            let before = opened == nil ? openTrials[run.trial].map { search.rungs[$0.rung] } ?? 0 : 0
            if let (_, parameters) = opened {
                openTrials[run.trial] = OpenTrial(rung: run.rung)
                if !recorded.holds(run.trial) {
                    step.trials.append(
                        TrialRecord(job: job, number: Int32(run.trial), state: "running", parameters: parameters))
                }
                tasksDropped += run.rung
            }
            openTrials[run.trial]?.rung = run.rung
            pruning?.stepsRun += search.rungs[run.rung] - before
            let index = Int32(run.trial * search.rungs.count + run.rung)
            step.tasks.append(.range(index..<index + 1))
            settle(run.trial, &step)
        }
        guard search.isFinished, !isConcluded else { return step }
        isConcluded = true
        for number in openTrials.keys.sorted() { prune(number, reason: "not among the best of its rung", &step) }
        step.conclusion = conclusion()
        return step
    }

    /// Does what follows for a trial whose run to its rung has ended.
    private mutating func settle(_ number: Int, _ step: inout PlanStep) {
        guard let open = openTrials[number], let run = openTrials[number]?.early.removeValue(forKey: open.rung) else { return }
        do throws(ErrorView) {
            if let error = run.error { throw error }
            let score = try CommandScore(run.result ?? ProtoCommandResult(), goals: spec.goals)
            switch search.report(number, .whole(score.objective)) {
            case .goesOn: keepCheckpoint(run, of: number)
            case .waits:
                keepCheckpoint(run, of: number)
                step.write(record(of: number, state: "paused"))
            case .stops(let reason): prune(number, reason: reason, &step)
            case .isDone:
                scores[number] = score
                var record = record(of: number, state: "succeeded")
                record?.objective = score.objective
                record?.metrics = CanonicalJSON.encode(score.metrics)
                openTrials[number] = nil
                search.finish(number, spec.goals.outcome(score.metrics))
                step.write(record)
            }
        } catch {
            var record = record(of: number, state: "failed")
            record?.errorCode = error.code
            record?.errorMessage = error.message
            if firstError == nil { firstError = error }
            if run.error == nil { failed += 1 }
            openTrials[number] = nil
            search.finish(number, .failed)
            step.write(record)
        }
    }

    private mutating func keepCheckpoint(_ run: RunEnd, of number: Int) {
        let checkpoint = run.result?.checkpoint ?? ""
        openTrials[number]?.checkpoint = ContentHash.isWellFormed(checkpoint) ? checkpoint : ""
    }

    private mutating func prune(_ number: Int, reason: String, _ step: inout PlanStep) {
        guard let open = openTrials[number] else { return }
        var record = record(of: number, state: "pruned")
        record?.reason = reason
        openTrials[number] = nil
        prunedAfter[number] = search.rungs[open.rung]
        pruning?.trials += 1
        tasksDropped += search.rungs.count - 1 - open.rung
        step.write(record)
    }

    /// Nil when the trial's end is on record already.
    private func record(of number: Int, state: String) -> TrialRecord? {
        guard !recorded.holdsEnd(of: number) else { return nil }
        var record = TrialRecord(
            job: job, number: Int32(number), state: state,
            parameters: CanonicalJSON.encode(study.trial(number)?.parameters ?? [:]))
        if pruning != nil { record.steps = openTrials[number].map { Int32(search.rungs[$0.rung]) } }
        return record
    }

    private func conclusion() -> PlanConclusion {
        let trials = study.trials
        var hasher = ContentHasher()
        for trial in trials {
            let pruned = prunedAfter[trial.number].map { "pruned after \($0)" }
            let line = scores[trial.number]?.line ?? pruned ?? "failed"
            hasher.update("\(trial.number) \(CanonicalJSON.encode(trial.parameters)) \(line)\n".utf8)
        }
        var result = JobResult(resultHash: hasher.finish(), tasks: ended, failed: failed, trialsCounted: study.trialCount)
        result.pruning = pruning
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

extension PlanStep {
    fileprivate mutating func write(_ trial: TrialRecord?) {
        if let trial { trials.append(trial) }
    }
}
