import Scheduling

/// A job that has not ended, as the loop holds it.
struct OpenJob {
    let record: JobRecord
    let resources: Resources
    var plan: any JobPlan
    var finished = 0
    var failed = 0

    /// Counts a task's end.
    mutating func count(_ end: TaskEnd) {
        finished += 1
        if end != .succeeded { failed += 1 }
    }

    func view(_ progress: ProgressView) -> JobView { JobView(JobSummary(record: record, end: nil), progress: progress) }
}
