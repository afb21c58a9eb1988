import Diagnostics

/// What a worker decides by: whether an error is worth another attempt.
struct WorkloadErrorProbe: Error {
    let isRetryable: Bool
    init(_ error: any Error) { isRetryable = (error as? any DiagnosticError)?.category == .unavailable }
}
