import Diagnostics
import HTTPTypes

/// The query of a request: known keys, each at most once, in valid percent-encoded UTF-8.
struct Query: Sendable, Hashable {
    private var values: [String: String] = [:]

    /// Throws `E_QUERY` for a key outside `keys`, a key that comes twice and an encoding that is none.
    init(_ text: String?, keys: [String]) throws {
        guard let text, !text.isEmpty else { return }
        guard text.utf8.count <= 2048 else { throw Query.failure("the query has more than 2048 bytes") }
        for part in text.split(separator: "&", omittingEmptySubsequences: false) {
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let key = Query.decode(pair[0]), let value = Query.decode(pair.count > 1 ? pair[1] : "") else {
                throw Query.failure("'\(GatewayError.printable(String(part)))' is not percent-encoded UTF-8")
            }
            guard keys.contains(key) else {
                throw Query.failure(
                    "'\(GatewayError.printable(key))' is not a key of this query",
                    hint: Suggestion.nearest(to: key, in: keys).map { "did you mean \($0)?" }
                        ?? (keys.isEmpty ? "it takes none" : "it takes \(keys.joined(separator: ", "))"))
            }
            guard values.updateValue(value, forKey: key) == nil else { throw Query.failure("'\(key)' comes twice") }
        }
    }

    subscript(key: String) -> String? { values[key] }

    /// An integer in `range`; `standard` when the key is absent. Throws `E_PARAMETER`.
    func integer<Number: FixedWidthInteger>(
        _ key: String, in range: ClosedRange<Number>, default standard: Number
    ) throws -> Number {
        try integer(key, in: range) ?? standard
    }

    /// An integer in `range`; nil when the key is absent. Throws `E_PARAMETER`.
    func integer<Number: FixedWidthInteger>(_ key: String, in range: ClosedRange<Number>) throws -> Number? {
        guard let text = values[key] else { return nil }
        guard let number = PathParameter.integer(text, as: Number.self), range.contains(number) else {
            throw GatewayError.parameter(key, text, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    private static func failure(_ message: String, hint: String? = nil) -> GatewayError {
        GatewayError("E_QUERY", .badRequest, message, hint: hint)
    }

    private static func decode(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit) else { return nil }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
