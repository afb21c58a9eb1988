import Backtest
import Search

/// A number that a strategy takes: its name, its limits, and the value it has when none is given.
struct NumberField {
    let name: String
    let range: ClosedRange<Double>
    let isWhole: Bool
    /// nil when a value must be given.
    let defaultValue: Double?
    /// What it is, for hints.
    let meaning: String

    init(name: String, range: ClosedRange<Double>, isWhole: Bool, defaultValue: Double?, meaning: String) {
        self.name = name
        self.range = range
        self.isWhole = isWhole
        self.defaultValue = defaultValue
        self.meaning = meaning
    }

    init(_ parameter: StrategyParameter) {
        self.init(
            name: parameter.name, range: parameter.range, isWhole: parameter.isWhole, defaultValue: parameter.defaultValue,
            meaning: parameter.meaning)
    }

    private var wholeRange: ClosedRange<Int> { Int(range.lowerBound)...Int(range.upperBound) }

    /// `value` with the type of the field.
    func typed(_ value: Double) -> ParameterValue {
        isWhole ? Int(exactly: value).map(ParameterValue.int) ?? .double(value) : .double(value)
    }

    /// The setting of this field in `map`, or its default. A range may have the keys `more` beside its own. Reports
    /// `E_SPEC_MISSING` and what `decode` reports.
    func decode(in map: MapCursor, more: [String] = []) -> Setting? {
        if let value = map[name] { return decode(value, more: more) }
        if let defaultValue { return .fixed(typed(defaultValue)) }
        _ = map.required(name, hint: meaning)
        return nil
    }

    /// A number, or one of `{float: [low, high], log, step}`, `{int: [low, high], log, step}`, `{choice: [...]}` and
    /// `{ordinal: [...]}`.
    private func decode(_ cursor: Cursor, more: [String]) -> Setting? {
        guard case .map = cursor.node.content else { return value(cursor).map(Setting.fixed) }
        guard let map = cursor.map(["float", "int", "choice", "ordinal", "log", "step"] + more, what: "a range") else {
            return nil
        }
        let given = ["float", "int", "choice", "ordinal"].filter { map[$0] != nil }
        guard given.count == 1, let body = map[given[0]] else {
            cursor.mismatch("one of float, int, choice and ordinal", hint: "for example {float: [0.1, 10], log: true}")
            return nil
        }
        guard let distribution = distribution(given[0], body, map) else { return nil }
        do throws(SearchError) {
            try distribution.validate(name: name)
            return .search(distribution)
        } catch {
            cursor.report(error.code, error.message, hint: error.hint)
            return nil
        }
    }

    private func distribution(_ kind: String, _ body: Cursor, _ map: MapCursor) -> Distribution? {
        if kind == "choice" || kind == "ordinal" {
            for key in ["log", "step"] { map[key]?.report("E_SPACE_STEP", "a choice has no \(key)", hint: "remove it") }
            guard let items = body.list(of: "numbers") else { return nil }
            let values = items.map(value)
            guard !values.contains(nil) else { return nil }
            let choices = values.compactMap { $0 }
            return kind == "choice" ? .categorical(choices) : .ordinal(choices)
        }
        if kind == "float", isWhole {
            body.mismatch("whole numbers for \(name)", hint: "write {int: [low, high]}")
            return nil
        }
        let log = map["log"].map { $0.bool() } ?? false
        guard let ends = body.list(of: "two bounds") else { return nil }
        guard ends.count == 2 else {
            body.report("E_SPACE_BOUNDS", "\(name): a range has two bounds, not \(ends.count)", hint: "write [low, high]")
            return nil
        }
        if kind == "int" {
            // Bounds are whole numbers even where the field takes any number.
            let (low, high) = (whole(ends[0]), whole(ends[1]))
            let step = map["step"].map { $0.int((-Distribution.largestInt)...Distribution.largestInt) } ?? 1
            guard let low, let high, let log, let step else { return nil }
            if isWhole { return .int(low: low, high: high, log: log, step: step) }
            // The field takes any number, so its values stay doubles; whole ones are a step of 1 apart.
            return .float(low: Double(low), high: Double(high), log: log, step: Double(step))
        }
        let (low, high) = (ends[0].double(range), ends[1].double(range))
        let step = map["step"].map { $0.number() }
        guard let low, let high, let log else { return nil }
        if let step, step == nil { return nil }
        return .float(low: low, high: high, log: log, step: step ?? nil)
    }

    private func value(_ cursor: Cursor) -> ParameterValue? {
        isWhole ? cursor.int(wholeRange).map(ParameterValue.int) : cursor.double(range).map(ParameterValue.double)
    }

    private func whole(_ cursor: Cursor) -> Int? {
        let limit = Double(Distribution.largestInt)
        let low = Int(max(range.lowerBound.rounded(.up), -limit))
        let high = Int(min(range.upperBound.rounded(.down), limit))
        return cursor.int(min(low, high)...max(low, high))
    }
}
