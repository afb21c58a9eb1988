import CZeroMQ
import Foundation
import Glibc
import Synchronization

/// A router (head) or dealer (worker) socket and the one thread that owns it.
///
/// Senders append to a queue and signal an eventfd; the thread polls the socket and the eventfd together. What a router
/// cannot send is an event (`unreachable`), what a dealer cannot send yet stays queued up to `queueLimit` messages.
package final class ZeroMQTransport: MessageTransport {
    private enum Role: Sendable {
        case head(String)
        case worker([String])
    }

    private struct State {
        var outgoing: [OutgoingMessage] = []
        var endpoint: String
        var started = false
        var closing = false
        /// Which of the heads a worker is connected to, and whether it shall be another one.
        var head = 0
        var movingOn = false
    }

    /// Messages a worker keeps while it has no connection; older ones are dropped first, and the worker registers again
    /// when it is back, so nothing that matters is lost with them.
    private static let queueLimit = 65_536
    /// The largest message accepted, in bytes of one frame.
    private static let messageLimit = 16 << 20
    private static let messagesPerBatch = 1_024

    private let role: Role
    private let state: Mutex<State>
    private let wakeEvent: WakeEvent
    private let ended = DispatchSemaphore(value: 0)

    /// Listens on `endpoint`, such as `tcp://127.0.0.1:7701` or `tcp://127.0.0.1:*`. Throws `E_BIND_LOOPBACK` for any other
    /// address than this machine's own.
    package static func head(listeningOn endpoint: String) throws(TransportError) -> ZeroMQTransport {
        let address = endpoint.hasPrefix("tcp://") ? endpoint.dropFirst(6).prefix { $0 != ":" } : ""
        guard endpoint.hasPrefix("ipc://") || address == "127.0.0.1" || address == "localhost" else { throw .loopback(endpoint) }
        return try ZeroMQTransport(role: .head(endpoint), endpoint: endpoint)
    }

    /// Connects to a head, and again whenever the connection breaks. `endpoint` may name several heads, separated by commas:
    /// the first is connected to, and the next ones in turn by `moveOn`.
    package static func worker(connectingTo endpoint: String) throws(TransportError) -> ZeroMQTransport {
        let endpoints = endpoint.split(separator: ",").map { $0.filter { $0 != " " } }
        return try ZeroMQTransport(role: .worker(endpoints.isEmpty ? [endpoint] : endpoints), endpoint: endpoint)
    }

    private init(role: Role, endpoint: String) throws(TransportError) {
        self.role = role
        wakeEvent = try WakeEvent()
        state = Mutex(State(endpoint: endpoint))
    }

    package var endpoint: String { state.withLock { $0.endpoint } }

    package func send(_ messages: [OutgoingMessage]) {
        guard !messages.isEmpty else { return }
        let wasEmpty = state.withLock { state in
            defer { state.outgoing.append(contentsOf: messages) }
            return state.outgoing.isEmpty
        }
        if wasEmpty { wakeEvent.signal() }
    }

    package func wake() { wakeEvent.signal() }

    package var headCount: Int { if case .worker(let heads) = role { heads.count } else { 1 } }

    package func moveOn() {
        guard headCount > 1 else { return }
        state.withLock { state in
            state.head = (state.head + 1) % headCount
            state.movingOn = true
            state.outgoing = []
        }
        wakeEvent.signal()
    }

    package func close() {
        let running = state.withLock { state in
            let running = state.started && !state.closing
            state.closing = true
            return running
        }
        guard running else { return }
        wakeEvent.signal()
        ended.wait()
    }

    package func start(
        tickMilliseconds: Int, handler: @escaping @Sendable ([TransportEvent]) -> Void
    ) throws(TransportError) {
        let opened = DispatchSemaphore(value: 0)
        let failure = Mutex<TransportError?>(nil)
        state.withLock { $0.started = true }
        let thread = Thread { [self] in
            do throws(TransportError) {
                let context = try ZeroMQContext()
                var socket = try open(in: context)
                opened.signal()
                while loop(socket, tickMilliseconds: tickMilliseconds, handler: handler) {
                    // Should there be no socket to be had, the old one stays for now.
                    if let next = try? open(in: context) { socket = next }
                }
            } catch {
                state.withLock { $0.started = false }
                failure.withLock { $0 = error }
                opened.signal()
            }
            ended.signal()
        }
        thread.name = "transport"
        thread.start()
        opened.wait()
        if let error = failure.withLock({ $0 }) { throw error }
    }

    private func open(in context: ZeroMQContext) throws(TransportError) -> ZeroMQSocket {
        switch role {
        case .head(let endpoint):
            let socket = try ZeroMQSocket(.router, in: context, messageLimit: Self.messageLimit)
            let bound = try socket.bind(endpoint)
            state.withLock { $0.endpoint = bound }
            return socket
        case .worker(let endpoints):
            let socket = try ZeroMQSocket(.dealer, in: context, messageLimit: Self.messageLimit)
            try socket.connect(endpoints[state.withLock { $0.head }])
            return socket
        }
    }

    /// The thread's life: send what is queued, poll, deliver what arrived; until closed. Returns true to go on with another
    /// socket.
    private func loop(
        _ socket: borrowing ZeroMQSocket, tickMilliseconds: Int, handler: @Sendable ([TransportEvent]) -> Void
    ) -> Bool {
        var unsent: [OutgoingMessage] = []
        var closeBy: UInt64?
        while true {
            var events: [TransportEvent] = []
            let (queued, closing, movingOn) = state.withLock { state in
                // What was queued since belongs to the next connection.
                if state.movingOn, !state.closing {
                    state.movingOn = false
                    return ([OutgoingMessage](), false, true)
                }
                defer { state.outgoing = [] }
                return (state.outgoing, state.closing, false)
            }
            if movingOn { return true }
            unsent = unsent.isEmpty ? queued : unsent + queued
            sendAll(&unsent, on: socket, events: &events)
            if closing {
                let now = DispatchTime.now().uptimeNanoseconds
                if closeBy == nil { closeBy = now + 2_000_000_000 }
                if unsent.isEmpty || now >= closeBy! { return false }
            }
            let arrived = receiveAll(from: socket, into: &events)
            if !closing { handler(events) }
            // Poll only when nothing more waits; a full batch goes straight on.
            if arrived == Self.messagesPerBatch { continue }
            poll(socket, forSending: !unsent.isEmpty, milliseconds: closing ? 50 : tickMilliseconds)
        }
    }

    private func sendAll(_ messages: inout [OutgoingMessage], on socket: borrowing ZeroMQSocket, events: inout [TransportEvent]) {
        var sent = 0
        sending: for message in messages {
            switch role {
            case .head:
                switch socket.send([message.peer.bytes] + message.frames) {
                case .sent: break
                case .full, .unroutable: events.append(.unreachable(message.peer))
                }
            case .worker:
                guard case .sent = socket.send(message.frames) else { break sending }
            }
            sent += 1
        }
        messages.removeFirst(sent)
        if messages.count > Self.queueLimit { messages.removeFirst(messages.count - Self.queueLimit) }
    }

    private func receiveAll(from socket: borrowing ZeroMQSocket, into events: inout [TransportEvent]) -> Int {
        for count in 0..<Self.messagesPerBatch {
            switch socket.receive() {
            case .nothing: return count
            case .tooManyFrames(let first): events.append(.tooManyFrames(isHead ? PeerID(bytes: first) : .head))
            case .message(let frames):
                if !isHead {
                    events.append(.received(.head, frames))
                } else {
                    events.append(.received(PeerID(bytes: frames[0]), Array(frames.dropFirst())))
                }
            }
        }
        return Self.messagesPerBatch
    }

    private var isHead: Bool { if case .head = role { true } else { false } }

    /// Waits for the socket or the eventfd.
    private func poll(_ socket: borrowing ZeroMQSocket, forSending: Bool, milliseconds: Int) {
        let wanted = Int16(ZMQ_POLLIN | (forSending ? ZMQ_POLLOUT : 0))
        var items = [
            zmq_pollitem_t(socket: socket.handle, fd: 0, events: wanted, revents: 0),
            zmq_pollitem_t(socket: nil, fd: wakeEvent.descriptor, events: Int16(ZMQ_POLLIN), revents: 0),
        ]
        zmq_poll(&items, 2, milliseconds)
        if items[1].revents != 0 { wakeEvent.clear() }
    }
}
