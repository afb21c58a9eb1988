import Scheduling
import Synchronization

/// Where the loop shows what it knows: readers look here and never touch the loop's state.
final class HeadBoard: Sendable {
    /// How often the snapshot is renewed at most, when nothing ended or began.
    static let refreshMilliseconds: Int64 = 100

    typealias LookUp = @Sendable (JobID, @escaping @Sendable (Result<JobView, any Error>) -> Void) -> Void

    private struct Follower {
        let continuation: AsyncStream<JobView>.Continuation
        private(set) var last: JobView?

        init(continuation: AsyncStream<JobView>.Continuation) { self.continuation = continuation }

        mutating func tell(_ view: JobView) {
            guard view != last else { return }
            last = view
            continuation.yield(view)
        }
    }

    private struct State {
        var snapshot: HeadSnapshot
        var followers: [JobID: [Int: Follower]] = [:]
        var nextFollower = 0
        var stopping = false
    }

    let events: EventLog
    private let state: Mutex<State>
    private let lastTurn = Atomic<Int64>(MonotonicClock.now.nanoseconds)
    /// Finds a job in the store, off the loop, and says what it found.
    let lookUp: LookUp

    init(snapshot: HeadSnapshot, lookUp: @escaping LookUp) {
        events = EventLog(term: snapshot.info.term)
        state = Mutex(State(snapshot: snapshot))
        self.lookUp = lookUp
    }

    var snapshot: HeadSnapshot { state.withLock { $0.snapshot } }
    var isStoreAvailable: Bool { state.withLock { $0.snapshot.isStoreAvailable } }
    var isStopping: Bool { state.withLock { $0.stopping } }

    /// The loop begins a turn.
    func turned(at now: Instant) { lastTurn.store(now.nanoseconds, ordering: .relaxed) }
    /// How long ago it last did.
    func millisecondsSinceTurn(at now: Instant) -> Int64 {
        now.milliseconds(since: Instant(nanoseconds: lastTurn.load(ordering: .relaxed)))
    }

    func setStoreAvailable(_ available: Bool) { state.withLock { $0.snapshot.isStoreAvailable = available } }
    func setEndpoint(_ endpoint: String) { state.withLock { $0.snapshot.info.workerEndpoint = endpoint } }
    func setStopping() { state.withLock { $0.stopping = true } }

    /// Replaces the snapshot and tells the followers: the view of an open job that changed, or a job's last view.
    func publish(_ snapshot: HeadSnapshot, ended: [JobID: JobView]) {
        let over = state.withLock { state in
            state.snapshot = snapshot
            for job in state.followers.keys {
                guard let view = ended[job] ?? snapshot.jobs[job] else { continue }
                for number in state.followers[job, default: [:]].keys { state.followers[job]?[number]?.tell(view) }
            }
            return ended.keys.flatMap { state.followers.removeValue(forKey: $0).map { Array($0.values) } ?? [] }
        }
        // Outside the lock: the end of a stream comes back for it.
        for follower in over { follower.continuation.finish() }
    }

    /// A stream of the job as it is now and after each change, which finishes with the job. Empty for an unknown job.
    func follow(_ job: JobID) -> AsyncStream<JobView> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let (number, isOpen) = state.withLock { state in
                var follower = Follower(continuation: continuation)
                let view = state.snapshot.jobs[job]
                if let view { follower.tell(view) }
                let number = state.nextFollower
                state.nextFollower += 1
                state.followers[job, default: [:]][number] = follower
                return (number, view != nil)
            }
            continuation.onTermination = { [weak self] _ in self?.forget(number, of: job) }
            if !isOpen { lookUp(job) { [weak self] found in self?.begin(number, of: job, found) } }
        }
    }

    /// The first view of a job that is not open comes from the store, unless the loop was quicker.
    private func begin(_ number: Int, of job: JobID, _ found: Result<JobView, any Error>) {
        let follower = state.withLock { state -> Follower? in
            if case .success(let view) = found, state.followers[job]?[number]?.last == nil {
                state.followers[job]?[number]?.tell(view)
                if !view.hasEnded { return nil }
            } else if case .success = found {
                return nil
            }
            return state.followers[job]?[number]
        }
        follower?.continuation.finish()
    }

    private func forget(_ number: Int, of job: JobID) {
        state.withLock { state in
            state.followers[job]?[number] = nil
            if state.followers[job]?.isEmpty == true { state.followers[job] = nil }
        }
    }
}
