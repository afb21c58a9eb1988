import Cluster
import Dispatch
import Synchronization

/// Stores checkpoints with the head while the program runs on; only the newest one waits.
///
/// Storing blocks for as long as the head does not answer, so it has a queue of its own. A checkpoint that cannot be stored is
/// skipped: the one before it still counts.
final class CheckpointSender: Sendable {
    private struct State {
        var waiting: [UInt8]?
        var isSending = false
        var last: String?
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "checkpoints")
    private let blobs: any BlobSource
    private let stored: @Sendable (String) -> Void

    /// `stored` is told the SHA-256 of each checkpoint that the head has.
    init(_ blobs: any BlobSource, stored: @escaping @Sendable (String) -> Void) {
        (self.blobs, self.stored) = (blobs, stored)
    }

    func send(_ bytes: [UInt8]) {
        let begins = state.withLock { state in
            state.waiting = bytes
            defer { state.isSending = true }
            return !state.isSending
        }
        if begins { queue.async { [self] in sendAll() } }
    }

    /// SHA-256 of the newest checkpoint that is stored.
    var last: String? { state.withLock { $0.last } }

    /// Waits until everything is stored or given up, at most so long.
    func wait(milliseconds: Int) {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + .milliseconds(milliseconds))
    }

    private func sendAll() {
        while true {
            let bytes = state.withLock { state -> [UInt8]? in
                defer { state.waiting = nil }
                if state.waiting == nil { state.isSending = false }
                return state.waiting
            }
            guard let bytes else { return }
            guard let sha256 = try? blobs.putArtifact(bytes) else { continue }
            state.withLock { $0.last = sha256 }
            stored(sha256)
        }
    }
}
