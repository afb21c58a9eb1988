import Diagnostics

/// Reads the text of a gate: `operand relation operand (and operand relation operand)*`.
struct GateParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func parse() throws(RegistryError) -> [PromotionGate.Comparison] {
        var comparisons: [PromotionGate.Comparison] = []
        while true {
            comparisons.append(try comparison())
            skipBlanks()
            let start = position
            if start == bytes.count { return comparisons }
            let word = takeName()
            guard word == "and" else {
                throw Self.failure(
                    "expected 'and' or the end", at: start,
                    hint: word == "or" ? "a gate knows only 'and'" : "for example: sharpe > 1 and turnover < 2")
            }
        }
    }

    private mutating func comparison() throws(RegistryError) -> PromotionGate.Comparison {
        skipBlanks()
        let start = position
        let left = try operand()
        let relation = try relation()
        let right = try operand()
        if case .number = left, case .number = right {
            throw Self.failure("a comparison of two numbers decides nothing", at: start, hint: "name a value on one side")
        }
        return PromotionGate.Comparison(left: left, relation: relation, right: right)
    }

    private mutating func operand() throws(RegistryError) -> PromotionGate.Operand {
        skipBlanks()
        let start = position
        if let first = current, isLetter(first) {
            let name = takeName()
            guard name != "and", name != "or", !name.hasSuffix("."), !name.contains("..") else {
                throw Self.failure("expected a name or a number", at: start)
            }
            return .name(name)
        }
        while let byte = current,
            isDigit(byte) || byte == UInt8(ascii: ".") || isSign(byte) || (position > start && isExponent(byte))
        {
            // A sign inside a number follows the exponent's letter only.
            if isSign(byte), position > start, !isExponent(bytes[position - 1]) { break }
            position += 1
        }
        guard let number = Double(String(decoding: bytes[start..<position], as: UTF8.self)), number.isFinite else {
            throw Self.failure("expected a name or a number", at: start, hint: "for example: deflatedSharpe > 0.95")
        }
        return .number(number)
    }

    private mutating func relation() throws(RegistryError) -> PromotionGate.Relation {
        skipBlanks()
        for relation in PromotionGate.Relation.allCases where bytes[position...].starts(with: relation.rawValue.utf8) {
            position += relation.rawValue.utf8.count
            return relation
        }
        throw Self.failure("expected one of > >= < <=", at: position)
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while current == UInt8(ascii: " ") || current == UInt8(ascii: "\t") { position += 1 }
    }

    /// Letters, digits, underscores and dots from here on.
    private mutating func takeName() -> String {
        let start = position
        while let byte = current, isLetter(byte) || isDigit(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".") {
            position += 1
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) }
    private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
    private func isSign(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") }
    private func isExponent(_ byte: UInt8) -> Bool { byte | 0x20 == UInt8(ascii: "e") }

    static func failure(_ message: String, at offset: Int, hint: String? = nil) -> RegistryError {
        RegistryError(
            "E_GATE_SYNTAX", "\(message) at character \(offset + 1) of the gate", place: .offset(offset), hint: hint,
            category: .input)
    }
}
