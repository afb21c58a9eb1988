/// The head's durable memory: facts in order. A fact is acknowledged only after `commit` returned.
///
/// Implementations block; the head calls them from its own loop.
package protocol Journal: AnyObject, Sendable {
    /// Raises the term in a transaction, at least above `floor`, and returns it. Every later `commit` of an older term fails
    /// with `E_FENCED_HEAD`.
    func raiseTerm(above floor: Int64) throws -> Int64
    /// Writes the records of one turn in one transaction that first checks `term`.
    func commit(_ records: [JournalRecord], term: Int64) throws
    /// The same in one try that takes about a second at most, so that a head whose store is away finds out soon. Throws an
    /// error of the category `unavailable` when the store is away or slow; whether the records are durable is not known then.
    func commitBriefly(_ records: [JournalRecord], term: Int64) throws
    /// The jobs that have not ended, in order of id, with which of their tasks have, and the next free job id. Costs little
    /// however many tasks there are: their results are not read.
    func recover() throws -> Recovery
}

extension Journal {
    package func raiseTerm() throws -> Int64 { try raiseTerm(above: 0) }
}

package enum JournalRecord: Sendable, Hashable {
    case jobSubmitted(JobRecord)
    case taskEnded(TaskRecord)
    /// Inserts or replaces the trial (job, number).
    case trial(TrialRecord)
    case jobEnded(JobID, JobEnd)
    /// A user paused or resumed the job.
    case jobPaused(JobID, Bool)
}

/// A job as it was accepted.
package struct JobRecord: Sendable, Hashable {
    package var id: JobID
    /// The client's idempotency key: the same key with the same body is the same job.
    package var uid: String
    package var name: String
    /// `study`, `backtest`, `retrain` or `drill`.
    package var kind: String
    /// The spec as canonical JSON (sorted keys, dataset resolved to its hash).
    package var spec: String
    /// SHA-256 of `spec`, lower-case hex.
    package var specHash: String
    /// SHA-256 of the dataset it reads, when it reads one.
    package var dataset: String?
    package var priority: Int32
    /// Wall clock, milliseconds since 1970, for people; decides nothing.
    package var submittedAt: Int64
    /// The jobs that must succeed before a task of it runs.
    package var after: [JobID]
    /// Trials that were on record for the dataset, over all jobs, when this one was accepted: what a study's best is picked from
    /// besides its own. Kept with the job, so that it counts the same whenever the study is concluded.
    package var earlierTrials: Int
    package init(
        id: JobID, uid: String, name: String, kind: String, spec: String, specHash: String, dataset: String? = nil,
        priority: Int32, submittedAt: Int64, after: [JobID] = [], earlierTrials: Int = 0
    ) {
        self.id = id
        self.uid = uid
        self.name = name
        self.kind = kind
        self.spec = spec
        self.specHash = specHash
        self.dataset = dataset
        self.priority = priority
        self.submittedAt = submittedAt
        self.after = after
        self.earlierTrials = earlierTrials
    }
}

/// A task's end. The primary key is (job, index), so a result is stored once whatever is repeated.
package struct TaskRecord: Sendable, Hashable {
    package var task: TaskID
    package var end: TaskEnd
    package var attempt: Attempt?
    /// The worker's boot id, empty when no worker decided it.
    package var worker: String
    package var ranMicroseconds: Int64
    /// The result's bytes when it succeeded, empty otherwise.
    package var result: [UInt8]
    /// Stable code and sentence when it did not succeed.
    package var errorCode: String?
    package var errorMessage: String?
    package init(
        task: TaskID, end: TaskEnd, attempt: Attempt?, worker: String, ranMicroseconds: Int64 = 0, result: [UInt8] = [],
        errorCode: String? = nil, errorMessage: String? = nil
    ) {
        self.task = task
        self.end = end
        self.attempt = attempt
        self.worker = worker
        self.ranMicroseconds = ranMicroseconds
        self.result = result
        self.errorCode = errorCode
        self.errorMessage = errorMessage
    }
}

/// A trial as the study's tables show it.
package struct TrialRecord: Sendable, Hashable {
    package var job: JobID
    package var number: Int32
    /// `running`, `paused` (at a rung), `succeeded`, `pruned`, `failed` or `cancelled`.
    package var state: String
    /// Parameter values as a JSON object with sorted keys.
    package var parameters: String
    package var objective: Double?
    /// Metrics as a JSON object with sorted keys; empty object while running.
    package var metrics: String
    /// Why it failed, when it did.
    package var errorCode: String?
    package var errorMessage: String?
    /// How many of its steps it has done, when its study has a pruner.
    package var steps: Int32?
    /// Why a pruner ended it, when one did.
    package var reason: String?
    package init(
        job: JobID, number: Int32, state: String, parameters: String, objective: Double? = nil, metrics: String = "{}",
        errorCode: String? = nil, errorMessage: String? = nil
    ) {
        self.job = job
        self.number = number
        self.state = state
        self.parameters = parameters
        self.objective = objective
        self.metrics = metrics
        self.errorCode = errorCode
        self.errorMessage = errorMessage
    }
}

package struct JobEnd: Sendable, Hashable {
    /// `succeeded`, `failed` or `cancelled`.
    package var state: String
    package var endedAt: Int64
    /// What the job came to, as a JSON object with sorted keys.
    package var result: String
    package var errorCode: String?
    package var errorMessage: String?
    package init(state: String, endedAt: Int64, result: String = "{}", errorCode: String? = nil, errorMessage: String? = nil) {
        self.state = state
        self.endedAt = endedAt
        self.result = result
        self.errorCode = errorCode
        self.errorMessage = errorMessage
    }
}

/// What a starting head finds.
package struct Recovery: Sendable {
    package struct OpenJob: Sendable, Hashable {
        package var record: JobRecord
        /// In order of index.
        package var ended: [EndedRange]
        package var isPaused: Bool
        package init(record: JobRecord, ended: [EndedRange], isPaused: Bool = false) {
            (self.record, self.ended, self.isPaused) = (record, ended, isPaused)
        }
    }
    package var openJobs: [OpenJob]
    package var nextJob: JobID
    package init(openJobs: [OpenJob], nextJob: JobID) { (self.openJobs, self.nextJob) = (openJobs, nextJob) }
}
