import Scheduling
import Synchronization
import Transport

@testable import Cluster

/// The time of a simulation, and the work that its heads gave away.
final class SimulatedSurroundings: Sendable {
    private struct State {
        var now: Int64 = 0
        var work: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())

    var now: Int64 {
        get { state.withLock { $0.now } }
        set { state.withLock { $0.now = newValue } }
    }

    /// A head's view of it.
    var head: HeadSurroundings {
        HeadSurroundings(
            now: { [self] in Instant(nanoseconds: now * 1_000_000) },
            later: { [self] work in state.withLock { $0.work.append(work) } })
    }

    func takeWork() -> [@Sendable () -> Void] {
        state.withLock { state in
            defer { state.work = [] }
            return state.work
        }
    }
}

/// A head's end of the network: what it sends waits until the simulation takes it.
final class SimulatedTransport: MessageTransport {
    private let sent = Mutex<[OutgoingMessage]>([])

    let endpoint = "simulated"
    func start(tickMilliseconds: Int, handler: @escaping @Sendable ([TransportEvent]) -> Void) throws(TransportError) {}
    func send(_ messages: [OutgoingMessage]) { sent.withLock { $0 += messages } }
    func wake() {}
    func close() {}

    func take() -> [OutgoingMessage] {
        sent.withLock { sent in
            defer { sent = [] }
            return sent
        }
    }
}
