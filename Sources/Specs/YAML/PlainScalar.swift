import Foundation

/// What YAML makes of a scalar without quotes. Versions 1.1 and 1.2 disagree on many, so a spec takes none of those silently.
enum PlainScalar: Equatable {
    case nothing
    case bool(Bool, text: String)
    /// Digits with an optional minus and no leading zeros; the value is nil beyond 64 bits.
    case int(Int?, text: String)
    /// A number with a point or an exponent, or the words for infinity and NaN.
    case float(Double, text: String)
    /// A form that one YAML version or another reads as something other than its text; `meaning` says as what.
    case trap(text: String, meaning: String, number: Double?)
    case text(String)

    init(_ text: String) {
        let lower = text.lowercased()
        switch lower {
        case "", "~", "null": self = .nothing
        case "true": self = .bool(true, text: text)
        case "false": self = .bool(false, text: text)
        case "yes", "on": self = .trap(text: text, meaning: "true", number: nil)
        case "no", "off": self = .trap(text: text, meaning: "false", number: nil)
        case ".nan", "nan": self = .float(.nan, text: text)
        case ".inf", "+.inf", "inf", "infinity": self = .float(.infinity, text: text)
        case "-.inf", "-inf", "-infinity": self = .float(-.infinity, text: text)
        default: self = Self.number(text) ?? .text(text)
        }
    }

    /// The text is a number in some notation, or nil.
    private static func number(_ text: String) -> PlainScalar? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 400 else { return nil }
        let signed = bytes.first == UInt8(ascii: "-") || bytes.first == UInt8(ascii: "+")
        let body = bytes.dropFirst(signed ? 1 : 0)
        guard let first = body.first, isDigit(first) || first == UInt8(ascii: ".") else { return nil }
        if body.allSatisfy(isDigit) {
            if first == UInt8(ascii: "0"), body.count > 1 {
                let octal = Int(String(decoding: body, as: UTF8.self), radix: 8)
                return .trap(
                    text: text, meaning: octal.map { "the octal number \($0)" } ?? "a number with leading zeros", number: nil)
            }
            if bytes.first == UInt8(ascii: "+") {
                return .trap(text: text, meaning: "a number with a plus sign", number: Double(text))
            }
            return .int(Int(text), text: text)
        }
        if body.contains(UInt8(ascii: "_")),
            body.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".") })
        {
            let plain = text.filter { $0 != "_" }
            return .trap(text: text, meaning: "the number \(plain)", number: Double(plain))
        }
        if let sexagesimal = sexagesimal(body) {
            return .trap(text: text, meaning: "the base-60 number \(sexagesimal)", number: nil)
        }
        if body.starts(with: "0x".utf8) || body.starts(with: "0o".utf8) || body.starts(with: "0b".utf8) {
            let radix = body.starts(with: "0x".utf8) ? 16 : (body.starts(with: "0o".utf8) ? 8 : 2)
            let value = Int(String(decoding: body.dropFirst(2), as: UTF8.self), radix: radix)
            return value.map { .trap(text: text, meaning: "the number \($0)", number: nil) }
        }
        let allowed = body.allSatisfy {
            isDigit($0) || $0 | 0x20 == UInt8(ascii: "e") || [UInt8(ascii: "."), 0x2B, 0x2D].contains($0)
        }
        guard allowed, let value = Double(text) else {
            return isDate(body) ? .trap(text: text, meaning: "a date", number: nil) : nil
        }
        return .float(value, text: text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// The value of digits in groups with colons, as YAML 1.1 reads times of day.
    private static func sexagesimal(_ bytes: ArraySlice<UInt8>) -> Int? {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (2...4).contains(parts.count), parts.allSatisfy({ (1...6).contains($0.count) && $0.allSatisfy(isDigit) }) else {
            return nil
        }
        return parts.reduce(0) { $0 * 60 + (Int(String(decoding: $1, as: UTF8.self)) ?? 0) }
    }

    private static func isDate(_ bytes: ArraySlice<UInt8>) -> Bool {
        let parts = bytes.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        return parts.count == 3 && parts.map(\.count) == [4, 2, 2] && parts.allSatisfy { $0.allSatisfy(isDigit) }
    }

    /// What it reads as, for messages.
    var summary: String {
        switch self {
        case .nothing: "nothing"
        case .bool(let value, let text):
            text == "\(value)" ? "the boolean \(value)" : "\(text), which reads as the boolean \(value)"
        case .int(_, let text): "the number \(text)"
        case .float(let value, let text):
            text == "\(value)" ? "the number \(text)" : "\(text), which reads as the number \(value)"
        case .trap(let text, let meaning, _): "\(text), which some YAML readers take as \(meaning)"
        case .text(let text): "the text \(SpecNode.shown(text))"
        }
    }
}
