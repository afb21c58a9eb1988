/// A value that goes into or comes out of a database.
package enum SQLValue: Sendable, Hashable {
    case null
    case int(Int64)
    case double(Double)
    case text(String)
    case blob([UInt8])
}

extension SQLValue {
    package static func nullable(_ value: Int64?) -> SQLValue { value.map { .int($0) } ?? .null }
    package static func nullable(_ value: String?) -> SQLValue { value.map { .text($0) } ?? .null }
    /// A number, with "not a number" stored as null, because SQLite has no other place for it.
    package static func nullable(_ value: Double?) -> SQLValue { value.flatMap { $0.isNaN ? nil : .double($0) } ?? .null }
    package static func bool(_ value: Bool) -> SQLValue { .int(Int64(value ? 1 : 0)) }
    /// Text from outside with NUL characters replaced, because Postgres has no place for them.
    package static func freeText(_ value: String?) -> SQLValue { .nullable(value.map(StoredText.clean)) }
}

/// The form of free text that every database can hold.
enum StoredText {
    /// The text with each NUL character replaced by U+FFFD.
    static func clean(_ text: String) -> String {
        guard text.utf8.contains(0) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0.value == 0 ? "\u{FFFD}" : $0 }))
    }
}
