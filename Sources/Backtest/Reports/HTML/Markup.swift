import Foundation

/// Text and numbers as HTML and SVG.
enum Markup {
    /// `text` from outside, without control characters, safe between tags and in quoted attributes.
    static func text(_ text: String) -> String {
        var escaped = ""
        for character in Format.printable(text).unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// A coordinate with one decimal, within what a browser can draw.
    static func at(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let text = String(format: "%.1f", min(max(value, -9999), 99_999))
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    /// `text` with a true minus sign, which is as wide as a digit.
    static func number(_ text: String) -> String { text.hasPrefix("-") ? "−" + text.dropFirst() : text }

    /// The class of a value whose sign is shown by colour; nothing for zero and NaN.
    static func sign(_ value: Double?) -> String {
        guard let value, value != 0, !value.isNaN else { return "" }
        return value > 0 ? "gain" : "loss"
    }
}
