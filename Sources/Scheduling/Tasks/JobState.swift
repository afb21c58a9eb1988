/// An open job. A job that ended is only remembered by its number.
struct JobState: Sendable {
    let id: JobID
    let priority: Int32
    /// What each of its tasks is charged.
    let charge: Resources
    let retry: RetryPolicy
    /// Longest run of one attempt in milliseconds; nil means no limit.
    let timeout: Int64?

    var isOpen = true
    var tasks = TaskTable()
    var gates = DependencyGates()
    /// Tasks by the raw value of their state.
    var counts = SIMD8<Int32>(repeating: 0)
    /// The classes of its tasks by the raw value of their care; -1 where there is none yet.
    var classes = SIMD4<Int32>(repeating: -1)
    /// Exponentially weighted mean of its attempts' run times; 0 until one is known.
    var meanRunMicroseconds: Int64 = 0
    /// Attempts whose timeout runs, oldest first.
    var timed = AssignmentList()
    var isTimeoutArmed = false

    init(_ submission: JobSubmission) {
        id = submission.job
        priority = submission.priority
        charge = submission.resources.asCharge
        retry = submission.retry
        timeout = submission.timeoutMilliseconds.map { min(max($0, 1), RetryPolicy.longestDelayMilliseconds) }
    }

    mutating func learn(ranMicroseconds: Int64) {
        let sample = min(max(ranMicroseconds, 1), 86_400_000_000)
        let mean = meanRunMicroseconds
        meanRunMicroseconds = mean == 0 ? sample : max(1, mean + (sample - mean) / 8)
    }
}
