import Scheduling
import Specs
import Transport
import Wire

/// What is posted to the head's loop.
enum HeadLetter: Sendable {
    case message(PeerID, Framed<ProtoToHead>)
    case malformed(PeerID, WireError)
    case unreachable(PeerID)
    case submit(AdmittedJob, Reply<AcceptedJob>)
    case control(JobID, JobControl, Reply<JobView>)
    case cancelLabelled(JobLabel, Reply<[JobID]>)
    case explain(JobID, Reply<ExplanationView>)
    case record(AdmittedJob, [ImportedTrial], Reply<AcceptedJob>)
    case ask(JobID, AskRequest, Reply<AskView>)
    case tell(JobID, TellRequest, Reply<TellView>)
    case drain(WorkerID, Reply<Void>)
    /// What became of the turn that the writer was given: it is durable, or the head cannot go on.
    case written(Result<Void, any Error>)
    /// A job's model is registered, or why not.
    case registered(JobID, JobResult, ErrorView?)
    /// Another head has taken over.
    case fenced(any Error)
    case stop
}

/// A submission that has been parsed, resolved and planned, ready for the loop.
struct AdmittedJob: Sendable {
    /// Its id is given by the loop.
    var record: JobRecord
    var spec: JobSpec
    /// Makes the plan once the job has its id.
    var plan: @Sendable (JobID) -> any JobPlan

    /// The job as the scheduler takes it, under the id in `record`. `now` and `wallClock` (milliseconds since 1970) are the same moment.
    func submission(_ id: JobID, now: Instant, wallClock: Int64) -> JobSubmission {
        var submission = JobSubmission(
            job: id, priority: spec.priority, demand: spec.demand, retry: spec.retry,
            timeoutMilliseconds: spec.timeoutMilliseconds)
        submission.queue = spec.scheduling.queue
        submission.dataset = record.dataset
        submission.queuedLimitMilliseconds = spec.scheduling.queueTimeoutMilliseconds
        submission.totalLimitMilliseconds = spec.scheduling.totalTimeoutMilliseconds
        submission.runningLimit = spec.scheduling.maxRunning
        submission.deadline = spec.scheduling.finishBefore.map { now.advanced(byMilliseconds: $0 - wallClock) }
        return submission
    }
}

/// Answers one caller, once.
struct Reply<Value: Sendable>: Sendable {
    /// Tells the caller.
    let finish: @Sendable (Result<Value, any Error>) -> Void

    init(finish: @escaping @Sendable (Result<Value, any Error>) -> Void) { self.finish = finish }
    init(_ continuation: CheckedContinuation<Value, any Error>) { finish = { continuation.resume(with: $0) } }
    func succeed(_ value: Value) { finish(.success(value)) }
    func fail(_ error: any Error) { finish(.failure(error)) }
    /// Tells `value` after the turn's commit.
    func answer(_ value: Value) -> Turn.Answer { Turn.Answer(done: { succeed(value) }, failed: fail) }
}
