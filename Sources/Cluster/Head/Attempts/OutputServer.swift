import Diagnostics
import Foundation
import Logging
import Scheduling
import SwiftProtobuf
import Synchronization
import Transport
import Wire

/// Takes what attempts write from their workers, keeps it, and shows it to those who follow; on a queue of its own, so that
/// the loop never waits for a disk.
///
/// A piece is answered when it is kept, and a worker sends an attempt's next piece after that: what waits here is bounded by the
/// attempts that run, and cut off beyond that.
// Unchecked because `followers` is touched on `queue` only.
final class OutputServer: @unchecked Sendable {
    /// Bytes that may wait to be kept; what comes beyond that is left out.
    private static let waitingLimit = 64 << 20

    private struct Follower {
        var task: Int32?
        var continuation: AsyncStream<LogPart>.Continuation
    }

    let store: AttemptStore
    private let transport: any MessageTransport
    private let logger: Logger
    private let queue = DispatchQueue(label: "outputs")
    private let waiting = Atomic<Int>(0)
    private var followers: [JobID: [Int: Follower]] = [:]
    private var nextFollower = 0
    private var hasComplained = false

    init(store: AttemptStore, transport: any MessageTransport, logger: Logger) {
        (self.store, self.transport, self.logger) = (store, transport, logger)
    }

    /// Takes a piece of output; false when the message is none. `isKnown` says whether there is such a job.
    func accept(_ message: Framed<ProtoToHead>, from peer: PeerID, isKnown: @escaping @Sendable (JobID) -> Bool) -> Bool {
        guard case .output(let piece) = message.header.body else { return false }
        let bytes = message.bulk
        guard bytes.count <= TaskOutput.pieceLimit,
            waiting.add(bytes.count, ordering: .relaxed).newValue <= Self.waitingLimit
        else {
            if bytes.count <= TaskOutput.pieceLimit { waiting.subtract(bytes.count, ordering: .relaxed) }
            reply(piece, to: peer)
            return true
        }
        queue.async { [self] in
            defer { waiting.subtract(bytes.count, ordering: .relaxed) }
            let attempt = piece.attempt.taskAttempt
            if isKnown(attempt.task.job) { take(.init(offset: piece.offset, bytes: bytes), of: attempt) }
            reply(piece, to: peer)
        }
        return true
    }

    private func take(_ piece: TaskOutput.Piece, of attempt: TaskAttempt) {
        do throws(AttemptStoreError) {
            try store.add(piece.bytes, at: piece.offset, to: attempt)
            CrashPoint.headOutputKept.reached()
            hasComplained = false
        } catch {
            // Running work matters more than what it writes; followers still see it.
            if !hasComplained { logger.error("output is not kept", metadata: ["error": "\(error)"]) }
            hasComplained = true
        }
        guard let followers = followers[attempt.task.job] else { return }
        let part = LogPart(piece, of: attempt)
        for follower in followers.values where follower.task == nil || follower.task == part.task {
            follower.continuation.yield(part)
        }
    }

    private func reply(_ piece: ProtoPutOutput, to peer: PeerID) {
        var header = ProtoToWorker()
        header.protocol = WireProtocol.version
        header.outputReply = .with { ($0.attempt, $0.offset) = (piece.attempt, piece.offset) }
        transport.send([OutgoingMessage(to: peer, frames: Framed(header: header).frames)])
    }

    /// Remembers a checkpoint, soon.
    func keep(checkpoint: String, of task: TaskID) {
        queue.async { [self] in
            do throws(AttemptStoreError) {
                try store.setCheckpoint(checkpoint, of: task)
                CrashPoint.headCheckpointKept.reached()
            } catch {
                logger.error("a checkpoint is not kept", metadata: ["error": "\(error)"])
            }
        }
    }

    /// Waits until everything that has come in is kept.
    func flush() { queue.sync {} }

    // MARK: - Following

    /// What is kept of the job's output (of `task`, if one is named), and then what comes, until `isOver` has yielded its last
    /// element. A reader that is too slow misses parts; the offsets of the others show it.
    func follow(_ job: JobID, task: Int32?, until isOver: AsyncStream<Void>) -> AsyncStream<LogPart> {
        AsyncStream(bufferingPolicy: .bufferingNewest(256)) { continuation in
            queue.async { [self] in
                for part in store.log(of: job, task: task, after: -1, limit: 128).parts { continuation.yield(part) }
                let number = nextFollower
                nextFollower += 1
                followers[job, default: [:]][number] = Follower(task: task, continuation: continuation)
                let end = Task { [self] in
                    for await _ in isOver {}
                    // Behind everything that had come in before the end.
                    queue.async { continuation.finish() }
                }
                continuation.onTermination = { [self] _ in
                    end.cancel()
                    queue.async { [self] in
                        followers[job]?[number] = nil
                        if followers[job]?.isEmpty == true { followers[job] = nil }
                    }
                }
            }
        }
    }
}
