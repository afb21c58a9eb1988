import Scheduling
import Search
import Wire

/// A job as a plan: which tasks there are, what each is told, and what their results come to.
///
/// A plan is a value and a function of the spec, the data and the results: told the same results in any order, it names
/// the same tasks by the same indices and comes to the same conclusion. So a head that starts again rebuilds it from the
/// journal, and results do not depend on who ran what when.
protocol JobPlan: Sendable {
    /// Tasks of the whole plan, as far as it is known now: every index lies below.
    var taskCount: Int { get }
    /// What people watching want to know.
    var progress: PlanProgress { get }
    /// Whether the plan takes up the trials that were on record before this head started.
    var readsTrials: Bool { get }
    /// The first tasks. Called once, before anything else. A plan that is rebuilt, and reads trials, takes up those `recorded`.
    mutating func start(_ recorded: RecordedTrials) -> PlanStep
    /// A task has ended; `result` is there when it succeeded. Called once a task.
    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep
    /// Whether the plan needs the recorded results to come to where it was; a plan that does not is told by `restored`.
    var readsResults: Bool { get }
    /// Tasks had ended before this head started. `error` is that of the first recorded task that did not succeed.
    mutating func restored(_ range: EndedRange, error: ErrorView?) -> PlanStep
    /// What a task's attempt is told; `attempt` counts its attempts from 1. Called when it is assigned, after all it depends
    /// on has succeeded.
    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload
}

extension JobPlan {
    var readsResults: Bool { true }
    var readsTrials: Bool { false }

    mutating func start() -> PlanStep { start(.none) }

    mutating func restored(_ range: EndedRange, error: ErrorView?) -> PlanStep {
        var step = PlanStep()
        for index in range.indices { step.append(ended(index, range.end, result: nil, error: error)) }
        return step
    }
}

struct PlanProgress: Sendable, Hashable {
    var trials: Int?
    var trialsFinished: Int?
    var best: Double?
    /// How probable each sampler of a portfolio is to propose the next trial.
    var samplers: [String: Double]?
    var pruning: PruningView?
    /// Tasks of the plan that will not be, because a pruner has ended their trials.
    var tasksDropped = 0
}

extension PlanProgress {
    init(_ study: Study, pruning: PruningView?, tasksDropped: Int) {
        self.init(
            trials: study.trialCount, trialsFinished: study.finishedCount, best: study.best?.value,
            samplers: study.samplerShares.map { Dictionary($0.map { ($0.name, $0.share) }) { $1 } },
            pruning: pruning, tasksDropped: tasksDropped)
    }
}

/// What follows from the start of a plan or the end of a task.
struct PlanStep: Sendable {
    var tasks: [TaskBatch] = []
    /// Trials to insert or replace in the study's tables.
    var trials: [TrialRecord] = []
    /// Tasks that need not run because their results are known; they are not among `tasks`.
    var known: [(index: Int32, result: ProtoTaskResult)] = []
    var conclusion: PlanConclusion?

    /// Adds what follows later.
    mutating func append(_ later: PlanStep) {
        tasks += later.tasks
        trials += later.trials
        known += later.known
        if let end = later.conclusion { conclusion = end }
    }
}

/// What the job came to.
struct PlanConclusion: Sendable {
    var result: JobResult
    /// Set when the job has failed.
    var error: ErrorView?
    /// A model version to register, and an alias to move if the gate allows.
    var registration: ModelRegistration?
}
