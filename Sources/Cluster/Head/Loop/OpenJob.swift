import Registry
import Scheduling
import Specs
import Wire

/// A job that has not ended, as the loop holds it.
struct OpenJob {
    let record: JobRecord
    let spec: JobSpec
    var plan: any JobPlan
    /// Set for a study whose trials are evaluated by programs outside.
    var desk: TrialDesk?
    var isPaused = false
    /// The open jobs that must succeed before a task of this one runs.
    var waitsFor: Set<JobID> = []
    var finished = 0
    var failed = 0
    /// Whether all its tasks are done and its model is being registered.
    var isRegistering = false
    /// The artifacts with which tasks that run again can go on, by index.
    var checkpoints: [Int32: String] = [:]
    /// How far running tasks say they are, from 0 to 1.
    private var fractions: [Int32: Double] = [:]
    private var fractionSum = 0.0

    init(record: JobRecord, spec: JobSpec, plan: any JobPlan, term: Int64) {
        (self.record, self.spec, self.plan) = (record, spec, plan)
        guard case .commandStudy(let study) = spec.body, let terms = study.external else { return }
        desk = TrialDesk(term: term, leaseMilliseconds: terms.leaseMilliseconds)
    }

    var labels: [String: String] { spec.labels }
    func neverRetries(_ code: String) -> Bool { !spec.neverRetry.isEmpty && spec.neverRetry.contains(code) }

    /// Counts the end of the task at `index`.
    mutating func count(_ end: TaskEnd, of index: Int32) {
        count(end, tasks: 1)
        if !checkpoints.isEmpty { checkpoints[index] = nil }
        setFraction(nil, of: index)
    }

    /// Counts tasks that had ended before this head started.
    mutating func count(_ end: TaskEnd, tasks: Int) {
        finished += tasks
        if end != .succeeded { failed += tasks }
    }

    /// Takes what an attempt says of itself; returns whether it has a new checkpoint. What makes no sense is not taken.
    mutating func take(_ progress: ProtoProgress, of index: Int32) -> Bool {
        if (0...1).contains(progress.fraction) { setFraction(progress.fraction, of: index) }
        guard ContentHash.isWellFormed(progress.checkpoint), checkpoints[index] != progress.checkpoint else { return false }
        checkpoints[index] = progress.checkpoint
        return true
    }

    /// The share of the plan's work that is done; nil when no running task tells.
    var fraction: Double? {
        fractions.isEmpty || plan.taskCount == 0 ? nil : min(1, max(0, (Double(finished) + fractionSum) / Double(plan.taskCount)))
    }

    func view(_ progress: ProgressView) -> JobView {
        JobView(JobSummary(record: record, end: nil, isPaused: isPaused), progress: progress)
    }

    private mutating func setFraction(_ fraction: Double?, of index: Int32) {
        if fractions.isEmpty && fraction == nil { return }
        fractionSum += (fraction ?? 0) - (fractions[index] ?? 0)
        fractions[index] = fraction
    }
}
