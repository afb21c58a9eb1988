import Scheduling
import SwiftProtobuf
import Synchronization
import Transport
import Wire

/// One running attempt's way to the head: its output goes through the shipper, of its progress the newest is sent.
struct AttemptChannel: TaskChannel {
    let attempt: TaskAttempt
    let worker: Worker

    func wrote(_ bytes: ArraySlice<UInt8>) {
        if worker.outputs.append(bytes, of: attempt) { worker.transport.wake() }
    }

    func progressed(_ fraction: Double?, checkpoint: String?) {
        let wakes = worker.state.withLock { state in
            var progress = state.progress[attempt] ?? .with { ($0.attempt, $0.fraction) = (ProtoAttemptName(attempt), -1) }
            if let fraction { progress.fraction = fraction }
            if let checkpoint { progress.checkpoint = checkpoint }
            state.progress[attempt] = progress
            guard !state.unsentProgress.contains(attempt) else { return false }
            state.unsentProgress.append(attempt)
            return true
        }
        if wakes { worker.transport.wake() }
    }
}
