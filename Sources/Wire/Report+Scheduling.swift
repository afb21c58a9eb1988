package import Scheduling

extension ProtoReport {
    /// The scheduler's part of the report. Throws for an outcome this protocol does not know.
    package func attemptReport() throws(WireError) -> AttemptReport {
        let outcome: AttemptOutcome
        switch self.outcome {
        case .succeeded: outcome = .succeeded
        case .failed: outcome = .failed(retryable: false)
        case .failedRetryable: outcome = .failed(retryable: true)
        case .cancelled: outcome = .cancelled
        case .unspecified, .UNRECOGNIZED: throw .decode("a report has the unknown outcome \(self.outcome.rawValue)")
        }
        return AttemptReport(attempt: attempt.taskAttempt, outcome: outcome, ranMicroseconds: max(0, ranMicroseconds))
    }
}

extension ProtoReport {
    /// A report without a result or an error.
    package init(_ report: AttemptReport) {
        self.init()
        attempt = ProtoAttemptName(report.attempt)
        outcome = ProtoOutcome(report.outcome)
        ranMicroseconds = report.ranMicroseconds
    }
}

extension ProtoOutcome {
    package init(_ outcome: AttemptOutcome) {
        switch outcome {
        case .succeeded: self = .succeeded
        case .failed(retryable: false): self = .failed
        case .failed(retryable: true): self = .failedRetryable
        case .cancelled: self = .cancelled
        }
    }
}
