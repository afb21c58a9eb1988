import Scheduling
import Transport
import Wire

/// What is posted to the head's loop.
enum HeadLetter: Sendable {
    case message(PeerID, Framed<ProtoToHead>)
    case malformed(PeerID, WireError)
    case unreachable(PeerID)
    case submit(AdmittedJob, Reply<AcceptedJob>)
    case cancel(JobID, Reply<JobView>)
    case drain(WorkerID, Reply<Void>)
    /// What became of the turn that the writer was given: it is durable, or the head cannot go on.
    case written(Result<Void, any Error>)
    /// A job's model is registered, or why not.
    case registered(JobID, JobResult, ErrorView?)
    case stop
}

/// A submission that has been parsed, resolved and planned, ready for the loop.
struct AdmittedJob: Sendable {
    /// Its id is given by the loop.
    var record: JobRecord
    var resources: Resources
    var retry: RetryPolicy
    var timeoutMilliseconds: Int64?
    /// Makes the plan once the job has its id.
    var plan: @Sendable (JobID) -> any JobPlan
}

/// Answers one caller, once.
struct Reply<Value: Sendable>: Sendable {
    private let continuation: CheckedContinuation<Value, any Error>
    init(_ continuation: CheckedContinuation<Value, any Error>) { self.continuation = continuation }
    func finish(_ result: Result<Value, any Error>) { continuation.resume(with: result) }
    func succeed(_ value: Value) { finish(.success(value)) }
    func fail(_ error: any Error) { finish(.failure(error)) }
    /// Tells `value` after the turn's commit.
    func answer(_ value: Value) -> Turn.Answer { Turn.Answer(done: { succeed(value) }, failed: fail) }
}
