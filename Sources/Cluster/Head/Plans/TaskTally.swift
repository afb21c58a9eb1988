import Scheduling

/// How the tasks of a plan have ended so far.
struct TaskTally: Sendable {
    private(set) var ended = 0
    private(set) var failed = 0
    private(set) var firstError: ErrorView?

    /// `error` is there for a task that failed, or whose result is not taken.
    mutating func count(_ end: TaskEnd, error: ErrorView?) {
        ended += 1
        guard end != .succeeded || error != nil else { return }
        failed += 1
        if firstError == nil { firstError = error }
    }

    /// What a job says of itself when some of its tasks failed; nil when none did.
    var failure: ErrorView? {
        guard failed > 0 else { return nil }
        let cause = firstError ?? ErrorView(code: "E_CANCELLED", message: "it was cancelled")
        return ErrorView(code: cause.code, message: "\(failed) of \(ended) tasks failed: \(cause.message)")
    }
}
