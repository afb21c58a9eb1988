import Foundation
import Scheduling
import SwiftProtobuf
import Wire

/// Messages as a busy worker and its head exchange them.
enum WireSamples {
    static func attempt(_ number: Int) -> TaskAttempt {
        TaskAttempt(
            task: TaskID(job: JobID(Int64(number) * 7_000_000_001), index: Int32(number)),
            attempt: Attempt(term: 3, number: Int64(number) + 100))
    }

    static var windowResult: ProtoTaskResult {
        .with {
            $0.window = .with {
                $0.positions = [.with { $0.positions = [0, 1, -1, 0.25] }]
                $0.totalReturn = 0.01
                $0.sharpe = 1.5
            }
        }
    }

    /// Three reports: one with a result, one that failed, one cancelled.
    static func reports() throws -> ProtoToHead {
        var header = ProtoToHead()
        header.protocol = WireProtocol.version
        header.session = 4
        header.sequence = 17
        let outcomes: [AttemptOutcome] = [.succeeded, .failed(retryable: true), .cancelled]
        var reports = ProtoReports()
        for (number, outcome) in outcomes.enumerated() {
            var report = ProtoReport(AttemptReport(attempt: attempt(number), outcome: outcome, ranMicroseconds: 1_234))
            if outcome == .succeeded { report.result = try windowResult.serializedBytes() }
            if outcome == .failed(retryable: true) { (report.errorCode, report.errorMessage) = ("E_DRILL", "fails as asked") }
            reports.reports.append(report)
        }
        header.reports = reports
        return header
    }

    /// Three assignments with the body of their job.
    static func assignments() -> ProtoToWorker {
        var header = ProtoToWorker()
        header.protocol = WireProtocol.version
        header.session = 4
        header.sequence = 9
        header.assignments = .with {
            $0.bodies = [
                .with { ($0.job, $0.spec, $0.milliCpu, $0.memoryBytes) = (7, #"{"job":"drill","tasks":5}"#, 500, 1 << 29) }
            ]
            $0.tasks = [
                .with {
                    $0.attempt = ProtoAttemptName(attempt(1))
                    $0.payload.window = .with {
                        $0.parameters = #"{"model.l2":0.5}"#
                        $0.train = .with { ($0.start, $0.end) = (0, 500) }
                        $0.test = .with { ($0.start, $0.end) = (500, 563) }
                        $0.seed = .max
                    }
                },
                .with {
                    $0.attempt = ProtoAttemptName(attempt(2))
                    $0.payload.drill = .with { ($0.index, $0.attempt) = (2, 1) }
                },
                .with {
                    $0.attempt = ProtoAttemptName(attempt(3))
                    $0.payload.command = .with {
                        ($0.index, $0.attempt, $0.parameters) = (3, 2, #"{"rate":0.5}"#)
                        $0.checkpoint = String(repeating: "ab", count: 32)
                    }
                },
            ]
        }
        return header
    }
}
