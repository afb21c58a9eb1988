/// Carries messages of a few frames between one head and many workers, in order per peer while a connection lasts.
///
/// What is sent may be lost with the connection; who needs more counts sequence numbers. All methods may be called from
/// any thread; only `close` waits.
package protocol MessageTransport: AnyObject, Sendable {
    /// Where peers connect (head) or are connected to (worker), with the real port once started.
    var endpoint: String { get }
    /// Begins delivering. `handler` is called on the transport's own thread, with everything that had arrived at once, and
    /// with an empty batch after `wake()` and whenever nothing arrived for `tickMilliseconds`; it must not block.
    func start(tickMilliseconds: Int, handler: @escaping @Sendable ([TransportEvent]) -> Void) throws(TransportError)
    /// Queues messages for sending, in order.
    func send(_ messages: [OutgoingMessage])
    /// Has `handler` called soon, for callers that gather work on other threads and hand it over in batches.
    func wake()
    /// How many heads a worker's transport knows.
    var headCount: Int { get }
    /// Connects a worker to the next head it knows, and drops what was queued for the one before.
    func moveOn()
    /// Sends what is queued for at most two seconds, then closes. Returns when the thread has ended; no event follows.
    /// What a worker sent this way arrives; a worker whose head closes may discard what it had received and not yet read.
    func close()
}

extension MessageTransport {
    package var headCount: Int { 1 }
    package func moveOn() {}
}

/// Names the other end of a connection for as long as the connection lasts. Says nothing about who that is.
package struct PeerID: Hashable, Sendable, CustomStringConvertible {
    package let bytes: [UInt8]
    package init(bytes: [UInt8]) { self.bytes = bytes }
    /// The only peer of a worker's transport.
    package static let head = PeerID(bytes: [])
    package var description: String {
        bytes.isEmpty ? "head" : bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}

package struct OutgoingMessage: Sendable, Hashable {
    package var peer: PeerID
    package var frames: [[UInt8]]
    package init(to peer: PeerID, frames: [[UInt8]]) { (self.peer, self.frames) = (peer, frames) }
}

package enum TransportEvent: Sendable, Hashable {
    case received(PeerID, [[UInt8]])
    /// More frames than any message has; the message was dropped unread.
    case tooManyFrames(PeerID)
    /// The peer's connection is gone, or it reads so slowly that its queue is full; what was sent to it may be lost.
    case unreachable(PeerID)
}
