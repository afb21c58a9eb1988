import Diagnostics
import Scheduling
import SwiftProtobuf
import Wire

extension Worker {
    /// Reports in one message at most, by number and by bytes of results.
    static let reportsPerMessage = 1_024
    static let bytesPerMessage = 2 << 20

    /// How long a report may wait for others to go with it.
    private static let gatheringMicroseconds: Int64 = 2_000
    private static let gatheredReports = 64

    /// Whether the transport is to be woken for what has ended. While short tasks follow one another their reports are gathered:
    /// each message costs the head a turn and a write, and both processes a change of threads. The transport's tick sends what no
    /// next end sends.
    func reportsAreDue(_ state: WorkerState, lastRan ran: Int64) -> Bool {
        guard state.agenda.hasWaiting, ran < Self.gatheringMicroseconds, state.unsent.count < Self.gatheredReports else {
            return true
        }
        return (MonotonicClock.now.nanoseconds &- state.lastReported.nanoseconds) / 1_000 >= Self.gatheringMicroseconds
    }

    func sendReports(_ state: inout WorkerState) {
        if !state.unsent.isEmpty { state.lastReported = MonotonicClock.now }
        while !state.unsent.isEmpty {
            var message = ProtoReports()
            var bytes = 0
            var count = 0
            for attempt in state.unsent {
                guard count < Self.reportsPerMessage, bytes < Self.bytesPerMessage else { break }
                count += 1
                guard let report = state.reports[attempt] else { continue }
                bytes += report.result.count
                message.reports.append(report)
            }
            state.unsent.removeFirst(count)
            guard !message.reports.isEmpty else { continue }
            send(.reports(message), &state)
            CrashPoint.workerReportsSent.reached()
        }
    }
}
