import Diagnostics

/// What one parameter of a strategy or position rule may be.
package struct StrategyParameter: Sendable, Hashable {
    package let name: String
    package let range: ClosedRange<Double>
    /// Whether only whole numbers are allowed.
    package let isWhole: Bool
    /// The value when none is given; nil when one must be given.
    package let defaultValue: Double?
    /// What it is, in one clause for help texts.
    package let meaning: String

    static func whole(_ name: String, _ range: ClosedRange<Double>, default value: Double? = nil, _ meaning: String) -> Self {
        Self(name: name, range: range, isWhole: true, defaultValue: value, meaning: meaning)
    }

    static func real(_ name: String, _ range: ClosedRange<Double>, default value: Double? = nil, _ meaning: String) -> Self {
        Self(name: name, range: range, isWhole: false, defaultValue: value, meaning: meaning)
    }

    /// Throws `E_STRATEGY_PARAMETER`, placed at the parameter's key, unless `value` is allowed.
    package func check(_ value: Double) throws(BacktestError) {
        guard range.contains(value), !isWhole || value == value.rounded() else {
            let kind = isWhole ? "a whole number" : "a number"
            let bounds = "\(Self.text(range.lowerBound)) to \(Self.text(range.upperBound))"
            throw BacktestError(
                .parameter,
                "\(name) is \(Self.text(value)), but it is \(kind) from \(bounds)",
                place: .key("/\(name)"), hint: "\(name): \(meaning)")
        }
    }

    /// The values of all parameters of `schema`, in its order: those given, checked, and defaults for the rest.
    ///
    /// Throws `E_STRATEGY_PARAMETER` for an unknown, missing or impossible one.
    static func resolve(
        _ given: [String: Double], by schema: [StrategyParameter], of kind: String
    ) throws(BacktestError) -> [Double] {
        let names = schema.map(\.name)
        if let unknown = given.keys.sorted().first(where: { !names.contains($0) }) {
            let known = names.isEmpty ? "it has none" : "it has \(names.joined(separator: ", "))"
            throw BacktestError(
                .parameter, "\(kind) has no parameter \(String(unknown.prefix(64)).debugDescription)", place: .key("/\(unknown)"),
                hint: Suggestion.nearest(to: unknown, in: names).map { "did you mean \($0)?" } ?? known)
        }
        var values: [Double] = []
        for parameter in schema {
            guard let value = given[parameter.name] ?? parameter.defaultValue else {
                throw BacktestError(
                    .parameter, "\(kind) needs \(parameter.name)", place: .key("/\(parameter.name)"),
                    hint: "\(parameter.name): \(parameter.meaning)")
            }
            try parameter.check(value)
            values.append(value)
        }
        return values
    }

    /// The error for a kind that is none of `kinds`.
    static func unknownKind(_ kind: String, of kinds: [String], what: String) -> BacktestError {
        BacktestError(
            .kindUnknown, "\(String(kind.prefix(64)).debugDescription) is no \(what)", place: .key("/kind"),
            hint: Suggestion.nearest(to: kind, in: kinds).map { "did you mean \($0)?" }
                ?? "one of \(kinds.joined(separator: ", "))")
    }

    private static func text(_ value: Double) -> String {
        abs(value) < 1e15 && value == value.rounded() ? String(Int64(value)) : String(value)
    }
}
