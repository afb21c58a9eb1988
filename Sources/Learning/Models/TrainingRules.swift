import Diagnostics
import LinearAlgebra

/// What any fit asks of its input.
enum TrainingRules {
    /// Throws `E_TRAIN_SHAPE`, `E_TRAIN_ROWS`, `E_TRAIN_VALUE` or `E_MODEL_PENALTY`.
    static func check(x: Matrix, y: [Double], l2: Double) throws(LearningError) {
        guard x.rows == y.count, x.columns > 0 else {
            throw LearningError(.trainShape, "\(x.rows) rows of \(x.columns) features do not go with \(y.count) labels")
        }
        guard x.rows >= 2 else {
            throw LearningError(.trainRows, "a model cannot be fitted on \(x.rows) rows", hint: "use a longer train range")
        }
        try check(l2: l2)
        guard y.allSatisfy(\.isFinite) else { throw LearningError(.trainValue, "a label is not a finite number") }
        guard x.withUnsafeElements({ $0.allSatisfy(\.isFinite) }) else {
            throw LearningError(.trainValue, "a feature is not a finite number")
        }
    }

    /// Throws `E_MODEL_PENALTY` unless a penalty is zero or above.
    static func check(l2: Double) throws(LearningError) {
        guard l2.isFinite, l2 >= 0 else {
            throw LearningError(.penalty, "the penalty l2 is \(l2), but must be zero or above", place: .key("/strategy/model/l2"))
        }
    }
}
