import Scheduling
import SwiftProtobuf
import Wire

extension Worker {
    /// Reports in one message at most, by number and by bytes of results.
    static let reportsPerMessage = 1_024
    static let bytesPerMessage = 2 << 20

    func sendReports(_ state: inout WorkerState) {
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
            if !message.reports.isEmpty { send(.reports(message), &state) }
        }
    }
}
