import Cluster
import Foundation

/// Events as lines.
enum EventText {
    /// Such as `2026-07-01 12:34:56  task.failed      job 3 task 0  attempt 1.7  worker 2  E_TIMEOUT`.
    static func line(_ event: EventView) -> String {
        var place = event.job.map { "job \($0)" } ?? ""
        if let task = event.task { place += " task \(task)" }
        let parts = [
            Text.time(event.at), event.event.padding(toLength: 17, withPad: " ", startingAt: 0), place,
            event.attempt.map { "attempt \($0)" } ?? "", event.worker.map { "worker \($0)" } ?? "", Text.clean(event.cause ?? ""),
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ") + "\n"
    }

    /// One JSON object on a line.
    static func json(_ event: EventView) -> String { CanonicalJSON.encode(event) + "\n" }
}
