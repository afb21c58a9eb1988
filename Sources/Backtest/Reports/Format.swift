import Foundation

/// Numbers and names as text in columns. A value that is NaN is a dash.
enum Format {
    static let missing = "–"

    static func number(_ value: Double, _ decimals: Int = 2) -> String {
        guard !value.isNaN else { return missing }
        guard value.isFinite else { return value > 0 ? "∞" : "-∞" }
        guard abs(value) < 1e12 else { return String(format: "%.3e", value) }
        let text = String(format: "%.\(decimals)f", value)
        // No minus in front of what was rounded to zero.
        return text.hasPrefix("-") && !text.contains(where: { "123456789".contains($0) }) ? String(text.dropFirst()) : text
    }

    static func percent(_ value: Double, _ decimals: Int = 2) -> String {
        value.isFinite ? number(value * 100, decimals) + " %" : number(value)
    }

    /// A percentage with its sign, for gains and losses.
    static func gain(_ value: Double, _ decimals: Int = 2) -> String {
        let text = percent(value, decimals)
        return value > 0 && value.isFinite ? "+" + text : text
    }

    static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    /// `text` at the right of a column, cut so that at least one blank is left before it.
    static func cell(_ text: String, _ width: Int) -> String { right(cut(text, to: width - 1), width) }

    static func cut(_ text: String, to width: Int) -> String {
        text.count <= width ? text : String(text.prefix(max(0, width - 1))) + "…"
    }

    /// `text` in lines of at most `width`, broken between words; a longer word is cut. Later lines are indented by two.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + 1 + word.count > width {
                lines.append(cut(line, to: width))
                line = "  " + word
            } else {
                line += (line.isEmpty ? "" : " ") + word
            }
        }
        return lines + [cut(line, to: width)]
    }

    /// `text` without characters that could steer a terminal.
    static func printable(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(1000) {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: scalars.append("?")
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}
