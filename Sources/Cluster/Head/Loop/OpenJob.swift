import Scheduling

/// A job that has not ended, as the loop holds it.
struct OpenJob {
    let record: JobRecord
    let resources: Resources
    var plan: any JobPlan
    var finished = 0
    var failed = 0
    /// Whether all its tasks are done and its model is being registered.
    var isRegistering = false

    /// Counts tasks that have ended.
    mutating func count(_ end: TaskEnd, tasks: Int = 1) {
        finished += tasks
        if end != .succeeded { failed += tasks }
    }

    func view(_ progress: ProgressView) -> JobView { JobView(JobSummary(record: record, end: nil), progress: progress) }
}
