import Diagnostics

/// A position in one line of JSON Lines, for flat objects.
struct JSONScanner {
    /// A string or a bare word such as a number. `unescaped` replaces `raw` when the string had escapes.
    struct Token {
        let raw: UnsafeBufferPointer<UInt8>
        let unescaped: [UInt8]?
        let isString: Bool

        /// Calls `body` with the token's text.
        @inline(__always)
        func withText<T>(
            _ body: (UnsafeBufferPointer<UInt8>) throws(MarketDataError) -> T
        ) throws(MarketDataError) -> T {
            guard let unescaped else { return try body(raw) }
            return try unescaped.withUnsafeBufferPointer(body)
        }
    }

    let line: UnsafeBufferPointer<UInt8>
    private(set) var index = 0
    private let file: String?
    private let row: Int

    init(_ line: UnsafeBufferPointer<UInt8>, file: String?, row: Int) {
        self.line = line
        self.file = file
        self.row = row
        skipBlanks()
    }

    var isAtEnd: Bool { index >= line.count }

    /// Steps over `character` and the blanks after it, if it is next.
    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard index < line.count, line[index] == UInt8(ascii: character) else { return false }
        index += 1
        skipBlanks()
        return true
    }

    /// Steps over `character` and the blanks after it. Throws `E_JSONL` when it is not next.
    mutating func expect(_ character: Unicode.Scalar, _ what: String) throws(MarketDataError) {
        guard skip(character) else { throw malformed("\(what) is missing") }
    }

    /// The string that is next, and steps over the blanks after it.
    mutating func string() throws(MarketDataError) -> Token {
        guard index < line.count, line[index] == 0x22 else { throw malformed("a string in quotes is missing") }
        index += 1
        let first = index
        var start = index
        var text: [UInt8]?
        while index < line.count, line[index] != 0x22 {
            if line[index] < 0x20 { throw malformed("a control character in a string") }
            if line[index] == 0x5C {
                text = (text ?? []) + line[start..<index]
                guard let scalar = escape() else { throw malformed("an escape is not valid") }
                text?.append(contentsOf: String(Character(scalar)).utf8)
                start = index
            } else {
                index += 1
            }
        }
        guard index < line.count else { throw malformed("a string does not end") }
        if text != nil { text?.append(contentsOf: line[start..<index]) }
        let raw = UnsafeBufferPointer(rebasing: line[first..<index])
        index += 1
        skipBlanks()
        return Token(raw: raw, unescaped: text, isString: true)
    }

    /// The string, number or word that is next, and steps over the blanks after it; nil before an object or a list.
    mutating func value() throws(MarketDataError) -> Token? {
        guard index < line.count else { throw malformed("a value is missing") }
        switch line[index] {
        case UInt8(ascii: "\""): return try string()
        case UInt8(ascii: "{"), UInt8(ascii: "["): return nil
        default:
            let start = index
            while index < line.count, !Self.endsWord(line[index]) { index += 1 }
            guard index > start else { throw malformed("a value is missing") }
            let raw = UnsafeBufferPointer(rebasing: line[start..<index])
            skipBlanks()
            return Token(raw: raw, unescaped: nil, isString: false)
        }
    }

    /// `E_JSONL` at the position, or `E_CSV_LINE_ENDING` when a carriage return is to blame.
    func malformed(_ reason: String) -> MarketDataError {
        if let ending = Cell.lineEndingError(line, .row(file: file, row: row, column: nil)) { return ending }
        return MarketDataError(
            .jsonLine, reason, place: .text(file: file, line: row, column: index + 1), hint: "each line is one flat JSON object")
    }

    private mutating func skipBlanks() {
        while index < line.count, line[index] == 0x20 || line[index] == 0x09 { index += 1 }
    }

    private static func endsWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]") || byte == 0x20 || byte == 0x09
    }

    /// The scalar of the escape that begins with the backslash at the position; nil when it is not valid or half a surrogate
    /// pair, which no name or number of a bar needs.
    private mutating func escape() -> Unicode.Scalar? {
        guard index + 1 < line.count else { return nil }
        let letter = line[index + 1]
        index += 2
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            guard index + 4 <= line.count else { return nil }
            let digits = String(decoding: line[index..<index + 4], as: UTF8.self)
            index += 4
            return digits.allSatisfy(\.isHexDigit) ? UInt32(digits, radix: 16).flatMap(Unicode.Scalar.init) : nil
        default: return nil
        }
    }
}
