import Foundation

/// The values one hyperparameter can take, and how they are spread.
package enum Distribution: Sendable, Hashable, Codable {
    /// Reals in [low, high]; with `log`, uniform in the logarithm; with `step`, only low, low + step, ... up to high.
    case float(low: Double, high: Double, log: Bool = false, step: Double? = nil)
    /// Whole numbers low, low + step, ... up to high; with `log`, denser near low.
    case int(low: Int, high: Int, log: Bool = false, step: Int = 1)
    /// One of the choices, which have no order.
    case categorical([ParameterValue])
    /// One of the choices, which are in order: neighbours are alike.
    case ordinal([ParameterValue])

    /// The largest whole number that doubles hold exactly; bounds of int parameters stay within it.
    package static let largestInt = 1 << 53
    /// The most choices of one categorical parameter.
    package static let choiceLimit = 10_000

    /// Throws `E_SPACE_BOUNDS`, `E_SPACE_LOG`, `E_SPACE_STEP` or `E_SPACE_EMPTY` when no value could be drawn.
    package func validate(name: String) throws(SearchError) {
        func fail(_ code: String, _ message: String, _ hint: String? = nil) -> SearchError {
            SearchError(code: code, message: "\(name): \(message)", parameter: name, hint: hint)
        }
        switch self {
        case .float(let low, let high, let log, let step):
            guard low.isFinite, high.isFinite, (high - low).isFinite else {
                throw fail("E_SPACE_BOUNDS", "the bounds [\(low), \(high)] are not finite")
            }
            guard low <= high else {
                throw fail("E_SPACE_BOUNDS", "the lower bound \(low) is above the upper bound \(high)", "write [\(high), \(low)]")
            }
            if log, low <= 0 {
                throw fail("E_SPACE_LOG", "a log scale needs a lower bound above 0, not \(low)", "drop log, or raise the bound")
            }
            if log, step != nil {
                throw fail("E_SPACE_LOG", "log and step exclude each other", "drop one of them, or list the values as a choice")
            }
            if let step {
                guard step.isFinite, step > 0 else { throw fail("E_SPACE_STEP", "the step must be above 0, not \(step)") }
                guard (high - low) / step < Double(Self.largestInt) else {
                    throw fail("E_SPACE_STEP", "the step \(step) is too small for the range [\(low), \(high)]")
                }
            }
        case .int(let low, let high, let log, let step):
            guard low >= -Self.largestInt, high <= Self.largestInt else {
                throw fail("E_SPACE_BOUNDS", "the bounds [\(low), \(high)] are beyond ±2^53")
            }
            guard low <= high else {
                throw fail("E_SPACE_BOUNDS", "the lower bound \(low) is above the upper bound \(high)", "write [\(high), \(low)]")
            }
            if log, low < 1 {
                throw fail(
                    "E_SPACE_LOG", "a log scale needs a lower bound of 1 or more, not \(low)", "drop log, or raise the bound")
            }
            if log, step != 1 {
                throw fail("E_SPACE_LOG", "log and step exclude each other", "drop one of them, or list the values as a choice")
            }
            guard step > 0 else { throw fail("E_SPACE_STEP", "the step must be 1 or more, not \(step)") }
        case .categorical(let choices), .ordinal(let choices):
            guard !choices.isEmpty else { throw fail("E_SPACE_EMPTY", "the list of choices is empty") }
            guard choices.count <= Self.choiceLimit else {
                throw fail("E_SPACE_TOO_LARGE", "\(choices.count) choices are more than the limit of \(Self.choiceLimit)")
            }
            for choice in choices {
                if case .double(let value) = choice, !value.isFinite {
                    throw fail("E_SPACE_BOUNDS", "the choice \(value) is not finite")
                }
            }
            guard Set(choices).count == choices.count else {
                throw fail("E_SPACE_EMPTY", "a choice is listed twice", "list every choice once")
            }
        }
    }

    /// Whether all its values are numbers.
    package var isNumeric: Bool {
        switch self {
        case .float, .int: true
        case .categorical(let choices), .ordinal(let choices): choices.allSatisfy { $0.number != nil }
        }
    }

    /// How many values there are; nil for a continuous range. The distribution is valid.
    package var count: Int? {
        switch self {
        case .float(let low, let high, _, let step):
            if low == high { return 1 }
            // A range that is a whole number of steps keeps its end although the division may round just below it.
            return step.map { Int(((high - low) / $0 * (1 + 1e-12) + 1e-9).rounded(.down)) + 1 }
        case .int(let low, let high, _, let step): return (high - low) / step + 1
        case .categorical(let choices), .ordinal(let choices): return choices.count
        }
    }

    /// The value at `index` of the `count` values, in rising order; clamped to the last one.
    package func value(at index: Int) -> ParameterValue {
        let index = max(0, min(index, (count ?? 1) - 1))
        switch self {
        case .float(let low, let high, _, let step): return .double(min(high, low + Double(index) * (step ?? 0)))
        case .int(let low, _, _, let step): return .int(low + index * step)
        case .categorical(let choices), .ordinal(let choices): return choices[index]
        }
    }

    /// Whether a trial may be given `value`.
    package func contains(_ value: ParameterValue) -> Bool {
        switch self {
        case .float(let low, let high, _, let step):
            guard case .double(let x) = value, x >= low, x <= high else { return false }
            guard let step else { return true }
            let steps = (x - low) / step
            return abs(steps - steps.rounded()) < 1e-6
        case .int(let low, let high, _, let step):
            guard case .int(let x) = value, x >= low, x <= high else { return false }
            return (x - low) % step == 0
        case .categorical(let choices), .ordinal(let choices): return choices.contains(value)
        }
    }

    /// `value` with the type this distribution draws, after JSON has lost the difference between 1.0 and 1; nil when it
    /// cannot be one of its values.
    package func normalized(_ value: ParameterValue) -> ParameterValue? {
        let typed: ParameterValue? =
            switch self {
            case .float: value.number.map(ParameterValue.double)
            case .int: value.wholeNumber.map(ParameterValue.int)
            case .categorical(let choices), .ordinal(let choices):
                choices.first { $0 == value } ?? choices.first { $0.number != nil && $0.number == value.number }
            }
        return typed.flatMap { contains($0) ? $0 : nil }
    }
}
