package import Diagnostics
import MarketData

/// A task that cannot be done as it was asked for.
package struct WorkloadError: DiagnosticError {
    package let code: String
    package let message: String
    package let hint: String?
    package let category: DiagnosticCategory

    private init(_ code: String, _ message: String, hint: String? = nil, category: DiagnosticCategory = .input) {
        self.code = code
        self.message = message
        self.hint = hint
        self.category = category
    }

    static func range(_ start: Int64, _ end: Int64, bars: Int) -> WorkloadError {
        WorkloadError("E_WINDOW_RANGE", "bars \(start)..<\(end) are not a range of the dataset's \(bars) bars")
    }

    static func order(_ train: Range<Int>, _ test: Range<Int>) -> WorkloadError {
        WorkloadError("E_WINDOW_RANGE", "the test bars \(test) are none, or do not come after the train bars \(train)")
    }

    static func holdoutSeen(_ role: String, until last: Int64, from first: Int64) -> WorkloadError {
        WorkloadError(
            "E_HOLDOUT_SEEN",
            "the \(role) was fitted on bars up to \(ISOTime.string(last)), but the held-out bars begin at \(ISOTime.string(first))",
            hint: "import newer bars under the dataset's name, or hold out fewer: a model is not judged on what it has seen")
    }

    static func stitch(_ what: String) -> WorkloadError { WorkloadError("E_STITCH", "the windows do not fit together: \(what)") }

    static func calendar(_ symbol: String, _ bars: Int, _ calendar: Int) -> WorkloadError {
        WorkloadError(
            "E_DATASET_CALENDAR",
            "\(symbol) has \(bars) of the calendar's \(calendar) bars, and this kind of job takes whole series only",
            hint: "give a dataset whose series all have the same times")
    }

    static func combinations(_ first: Int64, _ count: Int64, of size: Int) -> WorkloadError {
        WorkloadError("E_SWEEP_RANGE", "\(count) combinations from \(first) on are not within the grid of \(size)")
    }

    static func noTrainBars(_ split: Int) -> WorkloadError {
        WorkloadError(
            "E_WINDOW_TRAIN", "purge and embargo leave split \(split) no bar to fit on",
            hint: "use fewer test folds, or a longer series")
    }

    static func noModel() -> WorkloadError { WorkloadError("E_STRATEGY_KIND", "a rule strategy has no model to fit") }

    static func notThisJob() -> WorkloadError { WorkloadError("E_TASK_KIND", "the task does not belong to a job of this kind") }

    /// Not worth another attempt on any worker.
    static func drillFailure(_ index: Int32, _ attempt: Int32) -> WorkloadError {
        WorkloadError("E_DRILL", "task \(index) fails on attempt \(attempt), as asked", category: .unavailable)
    }
}
