import Backtest
import Search

/// Something that comes in kinds, each with its own numbers: a rule strategy or a position rule.
package struct KindSpec: Sendable, Hashable {
    package let kind: String
    /// Every parameter of the kind in the order of its schema, with defaults filled in.
    package let settings: [Parameter]

    /// A named number.
    package struct Parameter: Sendable, Hashable {
        package let name: String
        package let setting: Setting
    }

    /// `{kind: K, parameter: ...}` where `schema` knows the kinds. Reports what is unknown, missing or out of range.
    static func decode(
        _ cursor: Cursor, what: String, kinds: [String], schema: (String) throws(BacktestError) -> [StrategyParameter]
    ) -> KindSpec? {
        guard let map = cursor.anyMap(what: what),
            let kindCursor = map.required("kind", hint: "one of \(kinds.joined(separator: ", "))"),
            let kind = kindCursor.string("a \(what)")
        else { return nil }
        let fields: [NumberField]
        do throws(BacktestError) {
            fields = try schema(kind).map(NumberField.init)
        } catch {
            kindCursor.report(error.code, error.message, hint: error.hint)
            return nil
        }
        _ = cursor.map(["kind"] + fields.map(\.name), what: "the \(what) \(kind)")
        let settings = fields.map { field in field.decode(in: map).map { Parameter(name: field.name, setting: $0) } }
        return settings.contains(nil) ? nil : KindSpec(kind: kind, settings: settings.compactMap { $0 })
    }

    var json: JSONValue {
        var members = Dictionary(settings.map { ($0.name, $0.setting.json) }, uniquingKeysWith: { first, _ in first })
        members["kind"] = .string(kind)
        return .object(members)
    }
}
