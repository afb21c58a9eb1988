import Scheduling
import SwiftProtobuf
import Synchronization
import Transport
import Wire

/// Sends what attempts write to the head: one piece an attempt at a time, the next after the head has answered. A head that is
/// slow or away costs bounded memory and stops nobody from writing.
final class OutputShipper: Sendable {
    /// The pause between two pieces of an attempt that floods.
    private static let pauseMilliseconds: Int64 = 50
    private static let patienceMilliseconds: Int64 = 10_000
    /// Outputs of attempts that have ended and whose last pieces the head has not taken.
    private static let endedLimit = 64

    private struct Stream {
        var output = TaskOutput()
        /// Sent and not answered.
        var underway: [TaskOutput.Piece] = []
        var sentAt: Instant?
    }

    private struct State {
        var streams: [TaskAttempt: Stream] = [:]
        /// Oldest first.
        var ended: [TaskAttempt] = []
    }

    private let state = Mutex(State())

    /// Returns whether somebody should look what is due.
    func append(_ bytes: ArraySlice<UInt8>, of attempt: TaskAttempt) -> Bool {
        state.withLock { state in
            let wasEmpty = state.streams[attempt]?.output.isEmpty ?? true
            state.streams[attempt, default: Stream()].output.append(bytes)
            return wasEmpty && state.streams[attempt]?.underway.isEmpty == true
        }
    }

    /// The messages to send now. `send` is handed them under the lock, so that of two threads none overtakes the other with a later
    /// piece: the head takes the pieces of an attempt in their order only. It must not come back here.
    @discardableResult
    func due(at now: Instant, send: ([OutgoingMessage]) -> Void = { _ in }) -> [OutgoingMessage] {
        state.withLock { state in
            var messages: [OutgoingMessage] = []
            for (attempt, stream) in state.streams {
                let waited = stream.sentAt.map { now.milliseconds(since: $0) } ?? .max
                guard waited >= (stream.underway.isEmpty ? Self.pauseMilliseconds : Self.patienceMilliseconds) else { continue }
                var stream = stream
                if stream.underway.isEmpty, let piece = stream.output.take() { stream.underway = [piece] }
                guard !stream.underway.isEmpty else { continue }
                stream.sentAt = now
                state.streams[attempt] = stream
                messages += stream.underway.map { Self.message($0, attempt) }
            }
            if !messages.isEmpty { send(messages) }
            return messages
        }
    }

    /// The attempt is over: all that is left of its output, which stays here until the head has answered. `send`
    /// as in `due`.
    @discardableResult
    func end(
        _ attempt: TaskAttempt, at now: Instant, send: ([OutgoingMessage]) -> Void = { _ in }
    ) -> [OutgoingMessage] {
        state.withLock { state in
            guard var stream = state.streams[attempt] else { return [] }
            let sent = stream.underway.count
            while let piece = stream.output.take(all: true) { stream.underway.append(piece) }
            guard !stream.underway.isEmpty else {
                state.streams[attempt] = nil
                return []
            }
            stream.sentAt = now
            state.streams[attempt] = stream
            state.ended.append(attempt)
            if state.ended.count > Self.endedLimit { state.streams[state.ended.removeFirst()] = nil }
            let messages = stream.underway[sent...].map { Self.message($0, attempt) }
            if !messages.isEmpty { send(messages) }
            return messages
        }
    }

    /// Takes the head's answer; false when the message is none.
    func accept(_ body: ProtoToWorker.OneOf_Body) -> Bool {
        guard case .outputReply(let reply) = body else { return false }
        let attempt = reply.attempt.taskAttempt
        state.withLock { state in
            state.streams[attempt]?.underway.removeAll { $0.offset == reply.offset }
            guard state.streams[attempt]?.underway.isEmpty == true, let place = state.ended.firstIndex(of: attempt) else {
                return
            }
            state.ended.remove(at: place)
            state.streams[attempt] = nil
        }
        return true
    }

    private static func message(_ piece: TaskOutput.Piece, _ attempt: TaskAttempt) -> OutgoingMessage {
        var header = ProtoToHead()
        header.protocol = WireProtocol.version
        header.output = .with { ($0.attempt, $0.offset) = (ProtoAttemptName(attempt), piece.offset) }
        return OutgoingMessage(to: .head, frames: Framed(header: header, bulk: piece.bytes).frames)
    }
}
