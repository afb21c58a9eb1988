import Synchronization
import Transport

/// A started transport whose events are read one after the other.
final class End: Sendable {
    let transport: any MessageTransport
    /// Batches without an event since the start.
    private let empties: AsyncStream<Void>
    private let events: AsyncStream<TransportEvent>
    private let total = Atomic<Int>(0)

    init(_ transport: any MessageTransport, tickMilliseconds: Int = 600_000) throws {
        self.transport = transport
        let (events, event) = AsyncStream.makeStream(of: TransportEvent.self)
        let (empties, empty) = AsyncStream.makeStream(of: Void.self)
        (self.events, self.empties) = (events, empties)
        try transport.start(tickMilliseconds: tickMilliseconds) { [self] batch in
            total.add(1, ordering: .relaxed)
            if batch.isEmpty { empty.yield() }
            for one in batch { event.yield(one) }
        }
    }

    /// How often the handler was called.
    var calls: Int { total.load(ordering: .relaxed) }

    func next() async throws -> TransportEvent {
        for await event in events { return event }
        throw Failure.ended
    }

    /// The next event's sender and frames; it must be a message.
    func message() async throws -> (peer: PeerID, frames: [[UInt8]]) {
        guard case .received(let peer, let frames) = try await next() else { throw Failure.noMessage }
        return (peer, frames)
    }

    func emptyBatch() async { for await _ in empties { return } }

    func send(_ frames: [[UInt8]], to peer: PeerID = .head) { transport.send([OutgoingMessage(to: peer, frames: frames)]) }

    enum Failure: Error { case ended, noMessage }
}
