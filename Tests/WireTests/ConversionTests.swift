import Scheduling
import SwiftProtobuf
import Testing
import Wire

@Suite struct ConversionTests {
    @Test func `attempt names keep every number`() throws {
        let extremes = [
            TaskAttempt(task: TaskID(job: JobID(.max), index: .max), attempt: Attempt(term: .max, number: .max)),
            TaskAttempt(task: TaskID(job: JobID(.min), index: .min), attempt: Attempt(term: .min, number: .min)),
            TaskAttempt(task: TaskID(job: JobID(0), index: 0), attempt: Attempt(term: 0, number: 0)), WireSamples.attempt(5),
        ]
        for attempt in extremes {
            let bytes: [UInt8] = try ProtoAttemptName(attempt).serializedBytes()
            #expect(try ProtoAttemptName(serializedBytes: bytes).taskAttempt == attempt)
        }
    }

    @Test(arguments: [AttemptOutcome.succeeded, .failed(retryable: false), .failed(retryable: true), .cancelled])
    func `reports keep their outcome and time`(outcome: AttemptOutcome) throws {
        let report = AttemptReport(attempt: WireSamples.attempt(3), outcome: outcome, ranMicroseconds: 987_654)
        let bytes: [UInt8] = try ProtoReport(report).serializedBytes()
        #expect(try ProtoReport(serializedBytes: bytes).attemptReport() == report)
    }

    @Test func `an outcome from nowhere is an error`() {
        for outcome in [ProtoOutcome.unspecified, .UNRECOGNIZED(9), .UNRECOGNIZED(-1)] {
            var report = ProtoReport(AttemptReport(attempt: WireSamples.attempt(1), outcome: .succeeded))
            report.outcome = outcome
            let error = #expect(throws: WireError.self) { try report.attemptReport() }
            #expect(error?.code == "E_DECODE")
        }
    }

    @Test func `a negative time counts as none`() throws {
        var report = ProtoReport(AttemptReport(attempt: WireSamples.attempt(1), outcome: .succeeded))
        report.ranMicroseconds = .min
        #expect(try report.attemptReport().ranMicroseconds == 0)
    }
}
