import Diagnostics
import Foundation
import HTTPTypes

/// Looks through a JSON text before it is decoded, without recursion and without building anything.
///
/// Decoders differ in what they let pass; this lets pass RFC 8259 with unique keys, at most `depth` levels, numbers of at
/// most 64 characters, and paired surrogates. Mistakes are placed by byte offset or, for keys, by JSON pointer.
struct JSONGuard {
    static let depth = 32
    private static let numberLength = 64

    private let bytes: [UInt8]
    private var at = 0

    /// Throws `E_JSON`, `E_JSON_DEPTH`, `E_JSON_KEY`, `E_JSON_NUMBER` or `E_JSON_TEXT` unless `data` is one object whose keys
    /// are all among `keys`.
    static func check(_ data: Data, keys: [String]) throws {
        guard String(validating: data, as: UTF8.self) != nil else {
            throw GatewayError("E_JSON_TEXT", .badRequest, "the body is not UTF-8")
        }
        var text = JSONGuard(bytes: Array(data))
        try text.scan(keys)
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// An array or object that is open, and the keys seen in it; nil for an array.
    private struct Level {
        var keys: Set<[UInt8]>?
        var isEmpty = true
    }

    private mutating func scan(_ allowed: [String]) throws {
        var levels: [Level] = []
        skipSpace()
        guard peek() == UInt8(ascii: "{") else { throw failure("E_JSON", "the body is not a JSON object") }
        while true {
            skipSpace()
            // Before a value: a member's key, or the end of what is open.
            if let level = levels.last {
                let close = UInt8(ascii: level.keys == nil ? "]" : "}")
                if peek() == close {
                    at += 1
                    levels.removeLast()
                    if levels.isEmpty { break }
                    continue
                }
                if !level.isEmpty {
                    try expect(UInt8(ascii: ","))
                    skipSpace()
                }
                levels[levels.count - 1].isEmpty = false
                if level.keys != nil { try key(&levels, allowed) }
            }
            skipSpace()
            switch peek() {
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                guard levels.count < JSONGuard.depth else {
                    throw failure("E_JSON_DEPTH", "the body is nested more than \(JSONGuard.depth) levels deep")
                }
                levels.append(Level(keys: peek() == UInt8(ascii: "{") ? [] : nil))
                at += 1
            case UInt8(ascii: "\""): _ = try string()
            default: try scalar()
            }
        }
        skipSpace()
        guard at == bytes.count else { throw failure("E_JSON", "something follows the end of the object") }
    }

    private mutating func key(_ levels: inout [Level], _ allowed: [String]) throws {
        let start = at
        let name = try string()
        let shown = GatewayError.printable(String(decoding: name, as: UTF8.self))
        guard levels[levels.count - 1].keys?.insert(name).inserted == true else {
            throw failure("E_JSON_KEY", "the key '\(shown)' comes twice", at: start)
        }
        if levels.count == 1, !allowed.contains(where: { Array($0.utf8) == name }) {
            let near = Suggestion.nearest(to: String(decoding: name, as: UTF8.self), in: allowed)
            throw GatewayError(
                "E_JSON_KEY", .badRequest, "the key '\(shown)' is not known here", place: .key("/\(shown)"),
                hint: near.map { "did you mean \($0)?" } ?? "known: \(allowed.joined(separator: ", "))")
        }
        skipSpace()
        try expect(UInt8(ascii: ":"))
    }

    /// Reads a string and returns its value; escapes are resolved so that keys compare as a decoder would see them.
    private mutating func string() throws -> [UInt8] {
        try expect(UInt8(ascii: "\""))
        var value: [UInt8] = []
        while let byte = peek() {
            at += 1
            switch byte {
            case UInt8(ascii: "\""): return value
            case UInt8(ascii: "\\"): try escape(&value)
            case 0..<0x20: throw failure("E_JSON_TEXT", "a control character stands in a string", at: at - 1)
            default: value.append(byte)
            }
        }
        throw failure("E_JSON", "a string does not end")
    }

    private mutating func escape(_ value: inout [UInt8]) throws {
        let start = at - 1
        guard let byte = peek() else { throw failure("E_JSON", "a string does not end") }
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): value.append(byte)
        case UInt8(ascii: "b"): value.append(0x08)
        case UInt8(ascii: "f"): value.append(0x0C)
        case UInt8(ascii: "n"): value.append(0x0A)
        case UInt8(ascii: "r"): value.append(0x0D)
        case UInt8(ascii: "t"): value.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if (0xD800..<0xDC00).contains(code) {
                guard peek() == UInt8(ascii: "\\"), at + 1 < bytes.count, bytes[at + 1] == UInt8(ascii: "u") else {
                    throw failure("E_JSON_TEXT", "a surrogate stands alone", at: start)
                }
                at += 2
                let low = try hexadecimal()
                guard (0xDC00..<0xE000).contains(low) else { throw failure("E_JSON_TEXT", "a surrogate stands alone", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("E_JSON_TEXT", "a surrogate stands alone", at: start) }
            value.append(contentsOf: Array(String(Character(scalar)).utf8))
        default: throw failure("E_JSON", "an escape is not one of JSON's", at: start)
        }
    }

    private mutating func hexadecimal() throws -> UInt32 {
        guard at + 4 <= bytes.count, bytes[at..<at + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let code = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw failure("E_JSON", "\\u needs four hexadecimal digits") }
        at += 4
        return code
    }

    /// A number, `true`, `false` or `null`.
    private mutating func scalar() throws {
        let start = at
        while let byte = peek(), !JSONGuard.endsScalar(byte) { at += 1 }
        let word = bytes[start..<at]
        if [Array("true".utf8), Array("false".utf8), Array("null".utf8)].contains(where: { word.elementsEqual($0) }) { return }
        guard word.count <= JSONGuard.numberLength else {
            throw failure(
                "E_JSON_NUMBER", "a number has \(word.count) characters, more than \(JSONGuard.numberLength)", at: start)
        }
        guard JSONGuard.isNumber(word) else { throw failure("E_JSON", "a value is expected here", at: start) }
        guard let number = Double(String(decoding: word, as: UTF8.self)), number.isFinite else {
            throw failure("E_JSON_NUMBER", "a number is beyond the range of a double", at: start)
        }
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), 0x20, 0x09, 0x0A, 0x0D: true
        default: false
        }
    }

    private static func isNumber(_ word: ArraySlice<UInt8>) -> Bool {
        var rest = word
        func digits() -> Int {
            let count = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole > 0, whole == 1 || !startsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }

    private func peek() -> UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { at += 1 }
    }

    private mutating func expect(_ byte: UInt8) throws {
        guard peek() == byte else {
            throw failure(
                "E_JSON", peek() == nil ? "the body ends too early" : "'\(Character(Unicode.Scalar(byte)))' is expected here")
        }
        at += 1
    }

    private func failure(_ code: String, _ message: String, at offset: Int? = nil) -> GatewayError {
        GatewayError(code, .badRequest, message, place: .offset(offset ?? at))
    }
}
