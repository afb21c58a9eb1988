/// An open job. A job that ended is only remembered by its number.
struct JobState: Sendable {
    let id: JobID
    /// The number of its queue.
    let queue: Int32
    let priority: Int32
    /// Nanoseconds; the largest number when there is none.
    let deadline: Int64
    /// The number of what its tasks need.
    let demand: Int32
    /// The number of the dataset that they read; -1 when there is none.
    let dataset: Int32
    /// How many of them start together.
    let gang: Int32
    let retry: RetryPolicy
    /// Longest run of one attempt in milliseconds; nil means no limit.
    let timeout: Int64?
    /// Longest wait for a first attempt and longest time to the end in milliseconds; nil means no limit.
    let queuedLimit: Int64?
    let totalLimit: Int64?
    /// Attempts that workers may hold at once.
    let runningLimit: Int32

    var isOpen = true
    var holds: Holds = []
    /// Ready tasks by the raw value of their care.
    var ready = SIMD4<Int32>(repeating: 0)
    /// Ready ranges that were taken off the queues while the job is held.
    var shelf: [Shelved] = []
    /// Tasks whose limit on waiting came up while the job was held.
    var heldWaits: [Range<Int32>] = []
    /// Timers that are armed for its limits on waiting and on all of it.
    var limitTimers: Int32 = 0
    var tasks = TaskTable()
    var gates = DependencyGates()
    /// Tasks by the raw value of their state.
    var counts = SIMD8<Int32>(repeating: 0)
    /// The classes of its tasks by the raw value of their care; -1 where there is none yet.
    var classes = SIMD4<Int32>(repeating: -1)
    /// Exponentially weighted mean of its attempts' run times; 0 until one is known.
    private(set) var meanRunMicroseconds: Int64 = 0
    /// Attempts whose timeout runs, oldest first.
    var timed = AssignmentList()
    var isTimeoutArmed = false

    /// Why its tasks are not in the queues.
    struct Holds: OptionSet, Sendable {
        let rawValue: UInt8
        /// Its workers hold as many attempts as they may.
        static let limit = Holds(rawValue: 1 << 7)

        init(rawValue: UInt8) { self.rawValue = rawValue }
        init(_ hold: Hold) { rawValue = 1 << hold.rawValue }
    }

    struct Shelved: Sendable {
        var indices: Range<Int32>
        var care: Care
    }

    init(_ submission: JobSubmission, queue: Int32, demand: Int32, dataset: Int32) {
        func limited(_ milliseconds: Int64?) -> Int64? {
            milliseconds.map { min(max($0, 1), RetryPolicy.longestDelayMilliseconds) }
        }
        id = submission.job
        self.queue = queue
        deadline = submission.deadline?.nanoseconds ?? .max
        queuedLimit = limited(submission.queuedLimitMilliseconds)
        totalLimit = limited(submission.totalLimitMilliseconds)
        runningLimit = submission.runningLimit.map { max($0, submission.demand.gang) } ?? .max
        priority = submission.priority
        (self.demand, self.dataset, gang) = (demand, dataset, submission.demand.gang)
        retry = submission.retry
        timeout = limited(submission.timeoutMilliseconds)
    }

    mutating func learn(ranMicroseconds: Int64) {
        let sample = min(max(ranMicroseconds, 1), 86_400_000_000)
        let mean = meanRunMicroseconds
        meanRunMicroseconds = mean == 0 ? sample : max(1, mean + (sample - mean) / 8)
    }
}
