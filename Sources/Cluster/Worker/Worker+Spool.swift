import Scheduling
import SwiftProtobuf
import Synchronization
import Transport
import Wire

/// Results that wait for their acknowledgement longer than usual are written to the disk, and those that processes before
/// this one left there are told to the head. While acknowledgements come promptly nothing is written.
extension Worker {
    /// How long an acknowledgement usually takes at most.
    private static let promptMilliseconds: Int64 = 500
    /// Bytes of results in one file, about.
    private static let bytesPerFile = 4 << 20
    /// The pause after a file that could not be written.
    private static let pauseMilliseconds: Int64 = 5_000

    /// Begins to write what has waited too long, oldest first, one file at a time.
    func spoolWhatWaits(_ state: inout WorkerState, now: Instant) {
        guard !state.isSpooling, state.spoolsFrom <= now else { return }
        var batch: [TaskAttempt] = []
        var bytes = 0
        while state.firstUnspooled < state.unspooled.count {
            let next = state.unspooled[state.firstUnspooled]
            if let report = state.reports[next.attempt], report.outcome != .cancelled {
                guard now.milliseconds(since: next.finished) >= Self.promptMilliseconds, bytes < Self.bytesPerFile else { break }
                bytes += 128 + report.result.count
                batch.append(next.attempt)
            }
            state.firstUnspooled += 1
        }
        if state.firstUnspooled == state.unspooled.count {
            state.unspooled.removeAll(keepingCapacity: true)
            state.firstUnspooled = 0
        } else if state.firstUnspooled > 1_024, state.firstUnspooled * 2 > state.unspooled.count {
            state.unspooled.removeFirst(state.firstUnspooled)
            state.firstUnspooled = 0
        }
        guard !batch.isEmpty else { return }
        state.isSpooling = true
        var content = spoolContent(state)
        content.finished = batch.compactMap { state.reports[$0] }
        spool.keep(content) { [self, batch] isKept in
            self.state.withLock { state in
                state.isSpooling = false
                guard isKept else {
                    // Still held in memory; the disk is tried again later.
                    state.spoolsFrom = MonotonicClock.now.advanced(byMilliseconds: Self.pauseMilliseconds)
                    state.unspooled.insert(contentsOf: batch.map { ($0, now) }, at: state.firstUnspooled)
                    return
                }
                state.spooled.formUnion(batch)
                // Some may have been acknowledged while the file was written.
                forgetSpooled(batch.filter { state.reports[$0] == nil }, &state)
            }
        }
    }

    /// Lets go of results that the head has acknowledged.
    func forgetSpooled(_ attempts: [TaskAttempt], _ state: inout WorkerState) {
        guard !state.spooled.isEmpty else { return }
        let known = attempts.filter { state.spooled.remove($0) != nil }
        guard !known.isEmpty else { return }
        spool.forget(known)
        guard !state.inherited.isEmpty else { return }
        state.inherited.subtract(known)
        if state.inherited.isEmpty { inherit(state) }
    }

    /// In a new session: tells again what was told and not acknowledged, or begins with what there is.
    func tellInherited(_ state: inout WorkerState) {
        if state.inherited.isEmpty { inherit(state) } else { state.unsent += state.inherited }
    }

    /// Reads the next file of a process before this one.
    private func inherit(_ state: WorkerState) {
        guard let cluster = state.clusterID else { return }
        spool.inherit(cluster: cluster, term: state.highestTerm) { [self] reports in
            self.state.withLock { state in
                for report in reports {
                    let attempt = report.attempt.taskAttempt
                    state.reports[attempt] = report
                    state.spooled.insert(attempt)
                    state.inherited.insert(attempt)
                    state.unsent.append(attempt)
                }
            }
            transport.wake()
        }
    }

    /// The end of the process: what the head has not acknowledged is left to the next one.
    func spoolTheRest() {
        state.withLock { state in
            var content = spoolContent(state)
            content.finished = state.reports.filter { !state.spooled.contains($0.key) && $0.value.outcome != .cancelled }.map(
                \.value)
            if !content.finished.isEmpty { spool.keep(content) { _ in } }
        }
        spool.close()
    }

    private func spoolContent(_ state: WorkerState) -> ProtoRegister {
        .with {
            $0.bootID = configuration.bootID
            $0.clusterID = state.clusterID ?? ""
            $0.highestTerm = state.highestTerm
        }
    }
}
