import Diagnostics

/// A word, number or sign of a rule's text, with its place.
struct RuleToken: Hashable {
    enum Kind: Hashable {
        /// Letters, digits and underscores, beginning with a letter.
        case word(String)
        case number(Double)
        /// One of `( ) [ ] + - * / < <= > >= == != ;`, a line's end being a `;`.
        case sign(String)
        case end
    }

    let kind: Kind
    /// Both count from 1.
    let line: Int
    let column: Int

    var place: Place { .text(file: nil, line: line, column: column) }

    /// What an error calls it.
    var shown: String {
        switch kind {
        case .word(let word): "'\(word.prefix(40))'"
        case .number(let number): "\(number)"
        case .sign(";"): "the end of the line"
        case .sign(let sign): "'\(sign)'"
        case .end: "the end of the rule"
        }
    }

    /// Takes a text apart; `#` begins a comment. Throws `E_RULE_SYNTAX` for a character or number that is none, and for a text of
    /// more than `longestText` bytes.
    static func tokens(of text: String) throws(BacktestError) -> [RuleToken] {
        let bytes = Array(text.utf8)
        guard bytes.count <= longestText else {
            throw BacktestError(.ruleSyntax, "the rule has \(bytes.count) bytes, but at most \(longestText)")
        }
        var tokens: [RuleToken] = []
        var at = 0, line = 1, lineStart = 0
        while at < bytes.count {
            let start = at
            func token(_ kind: Kind) -> RuleToken { RuleToken(kind: kind, line: line, column: start - lineStart + 1) }
            func run(_ isPart: (UInt8) -> Bool) -> String {
                while at < bytes.count, isPart(bytes[at]) { at += 1 }
                return String(decoding: bytes[start..<at], as: UTF8.self)
            }
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): at += 1
            case UInt8(ascii: "#"): _ = run { $0 != UInt8(ascii: "\n") }
            case UInt8(ascii: "\n"):
                tokens.append(token(.sign(";")))
                at += 1
                line += 1
                lineStart = at
            case _ where isLetter(byte): tokens.append(token(.word(run { isLetter($0) || isDigit($0) })))
            case _ where isDigit(byte) || byte == UInt8(ascii: "."):
                let digits = run { isDigit($0) || $0 == UInt8(ascii: ".") || isLetter($0) }
                guard let number = Double(digits), number.isFinite, !digits.contains(where: { "xXpPnN".contains($0) }) else {
                    throw BacktestError(.ruleSyntax, "'\(digits.prefix(40))' is no number", place: token(.end).place)
                }
                tokens.append(token(.number(number)))
            default:
                let two = at + 1 < bytes.count ? String(decoding: bytes[at...at + 1], as: UTF8.self) : ""
                let one = String(decoding: [byte], as: UTF8.self)
                if ["<=", ">=", "==", "!="].contains(two) {
                    tokens.append(token(.sign(two)))
                    at += 2
                } else if "()[]+-*/<>;".contains(one) {
                    tokens.append(token(.sign(one)))
                    at += 1
                } else {
                    throw BacktestError(
                        .ruleSyntax, "a rule has no sign \(one.debugDescription)", place: token(.end).place,
                        hint: one == "=" ? "== compares" : (one == "&" || one == "|" ? "write and, or" : nil))
                }
            }
        }
        tokens.append(RuleToken(kind: .end, line: line, column: at - lineStart + 1))
        return tokens
    }

    static let longestText = 10_000

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || byte == UInt8(ascii: "_")
    }
}
