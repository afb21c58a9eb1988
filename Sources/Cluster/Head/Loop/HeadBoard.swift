import Scheduling
import Synchronization

/// Where the loop shows what it knows: readers look here and never touch the loop's state.
final class HeadBoard: Sendable {
    /// How often the snapshot is renewed at most, when nothing ended or began.
    static let refreshMilliseconds: Int64 = 100

    private struct State {
        var snapshot: HeadSnapshot
        var followers: [JobID: [Int: AsyncStream<Void>.Continuation]] = [:]
        var nextFollower = 0
        var storeAvailable = true
        var stopping = false
    }

    private let state: Mutex<State>
    private let answerLater: @Sendable (Reply<JobView>, JobID) -> Void

    /// `answerLater` looks a job up in the store, off the loop, and answers the caller.
    init(snapshot: HeadSnapshot, answerLater: @escaping @Sendable (Reply<JobView>, JobID) -> Void) {
        state = Mutex(State(snapshot: snapshot))
        self.answerLater = answerLater
    }

    var snapshot: HeadSnapshot { state.withLock { $0.snapshot } }
    var isStoreAvailable: Bool { state.withLock { $0.storeAvailable } }
    var isStopping: Bool { state.withLock { $0.stopping } }

    func setStoreAvailable(_ available: Bool) { state.withLock { $0.storeAvailable = available } }
    func setEndpoint(_ endpoint: String) { state.withLock { $0.snapshot.info.workerEndpoint = endpoint } }
    func setStopping() { state.withLock { $0.stopping = true } }
    func answer(_ reply: Reply<JobView>, with job: JobID) { answerLater(reply, job) }

    /// Replaces the snapshot and wakes the followers of every open and every changed job.
    func publish(_ snapshot: HeadSnapshot, changed: Set<JobID>) {
        let woken = state.withLock { state in
            state.snapshot = snapshot
            return state.followers.filter { snapshot.progress[$0.key] != nil || changed.contains($0.key) }.flatMap {
                $0.value.values
            }
        }
        for follower in woken { follower.yield() }
    }

    /// A stream that yields after each publication that may concern `job`, at once the first time.
    func changes(of job: JobID) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let number = state.withLock { state in
                defer { state.nextFollower += 1 }
                state.followers[job, default: [:]][state.nextFollower] = continuation
                return state.nextFollower
            }
            continuation.onTermination = { [weak self] _ in
                self?.state.withLock { state in
                    state.followers[job]?[number] = nil
                    if state.followers[job]?.isEmpty == true { state.followers[job] = nil }
                }
            }
            continuation.yield()
        }
    }
}
