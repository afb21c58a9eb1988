import Scheduling
import Wire

/// A job as a plan: which tasks there are, what each is told, and what their results come to.
///
/// A plan is a value and a function of the spec, the data and the results: told the same results in any order, it names
/// the same tasks by the same indices and comes to the same conclusion. So a head that starts again rebuilds it from the
/// journal, and results do not depend on who ran what when.
protocol JobPlan: Sendable {
    /// Tasks of the whole plan, as far as it is known now.
    var taskCount: Int { get }
    /// What people watching want to know.
    var progress: PlanProgress { get }
    /// The first tasks. Called once, before anything else.
    mutating func start() -> PlanStep
    /// A task has ended; `result` is there when it succeeded. Called once a task.
    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep
    /// What a task's attempt is told; `attempt` counts its attempts from 1. Called when it is assigned, after all it depends
    /// on has succeeded.
    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload
}

struct PlanProgress: Sendable, Hashable {
    var trials: Int?
    var trialsFinished: Int?
    var best: Double?
}

/// What follows from the start of a plan or the end of a task.
struct PlanStep: Sendable {
    var tasks: [TaskBatch] = []
    /// Trials to insert or replace in the study's tables.
    var trials: [TrialRecord] = []
    var conclusion: PlanConclusion?
}

/// What the job came to.
struct PlanConclusion: Sendable {
    var result: JobResult
    /// Set when the job has failed.
    var error: ErrorView?
    /// A model version to register, and an alias to move if the gate allows.
    var registration: ModelRegistration?
}
