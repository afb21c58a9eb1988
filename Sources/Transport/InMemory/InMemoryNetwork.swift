import Foundation
import Synchronization

/// A network inside one process: one head, any number of workers, messages in order, nothing lost unless a link is cut.
///
/// For a head and workers that share a process, and for tests that want to see every message. Each end delivers on a
/// queue of its own, as the real transport does on its thread.
package final class InMemoryNetwork: Sendable {
    private struct State {
        var head: InMemoryTransport?
        var workers: [PeerID: InMemoryTransport] = [:]
        var cut: Set<PeerID> = []
        var nextPeer: UInt32 = 1
    }

    private let state = Mutex(State())

    package init() {}

    /// The head's end.
    package func head() -> InMemoryTransport {
        let transport = InMemoryTransport(network: self, peer: .head, endpoint: "memory:head")
        state.withLock { $0.head = transport }
        return transport
    }

    /// A worker's end.
    package func worker() -> InMemoryTransport {
        state.withLock { state in
            let number = state.nextPeer
            state.nextPeer += 1
            let peer = PeerID(bytes: withUnsafeBytes(of: number.bigEndian) { [0] + Array($0) })
            let transport = InMemoryTransport(network: self, peer: peer, endpoint: "memory:head")
            state.workers[peer] = transport
            return transport
        }
    }

    /// Cuts or heals the link of one worker: messages are dropped in both directions without a word while it is cut.
    package func cut(_ peer: PeerID, _ isCut: Bool = true) {
        state.withLock { state in
            if isCut { state.cut.insert(peer) } else { state.cut.remove(peer) }
        }
    }

    func remove(_ peer: PeerID) {
        state.withLock { state in
            if peer == .head { state.head = nil } else { state.workers[peer] = nil }
        }
    }

    func deliver(_ message: OutgoingMessage, from sender: PeerID) -> Bool {
        let (target, isCut) = state.withLock { state -> (InMemoryTransport?, Bool) in
            sender == .head
                ? (state.workers[message.peer], state.cut.contains(message.peer)) : (state.head, state.cut.contains(sender))
        }
        if isCut { return true }
        guard let target else { return false }
        target.accept(.received(sender, message.frames))
        return true
    }
}

/// One end of an `InMemoryNetwork`.
package final class InMemoryTransport: MessageTransport {
    package let endpoint: String
    /// This end's name on the network.
    package let peer: PeerID
    private let network: InMemoryNetwork
    private let queue = DispatchQueue(label: "transport.memory")
    private struct State {
        var handler: (@Sendable ([TransportEvent]) -> Void)?
        var timer: (any DispatchSourceTimer)?
    }
    // A dispatch timer is not Sendable by declaration; it lives behind this lock.
    private let state: Mutex<State>

    init(network: InMemoryNetwork, peer: PeerID, endpoint: String) {
        self.network = network
        self.peer = peer
        self.endpoint = endpoint
        state = Mutex(State())
    }

    package func start(
        tickMilliseconds: Int, handler: @escaping @Sendable ([TransportEvent]) -> Void
    ) throws(TransportError) {
        state.withLock { state in
            state.handler = handler
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.schedule(deadline: .now() + .milliseconds(tickMilliseconds), repeating: .milliseconds(tickMilliseconds))
            timer.setEventHandler { handler([]) }
            timer.activate()
            state.timer = timer
        }
    }

    package func send(_ messages: [OutgoingMessage]) {
        for message in messages where !network.deliver(message, from: peer) { accept(.unreachable(message.peer)) }
    }

    package func wake() {
        queue.async { [self] in
            let handler = state.withLock { $0.handler }
            handler?([])
        }
    }

    package func close() {
        state.withLock { state in
            state.timer?.cancel()
            state.handler = nil
        }
        network.remove(peer)
        queue.sync {}
    }

    func accept(_ event: TransportEvent) {
        queue.async { [self] in
            let handler = state.withLock { $0.handler }
            handler?([event])
        }
    }
}
