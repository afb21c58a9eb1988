import Foundation
import MarketData

/// Values as people read them.
enum Text {
    /// Outside text without characters that move the cursor or turn the line around: control characters and
    /// directional marks become `\u{...}`. Line breaks stay when `keepingLines`.
    static func clean(_ text: String, keepingLines: Bool = false) -> String {
        var cleaned = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A where keepingLines: cleaned.unicodeScalars.append(scalar)
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
                cleaned += "\\u{\(String(scalar.value, radix: 16))}"
            default: cleaned.unicodeScalars.append(scalar)
            }
        }
        return cleaned
    }

    /// Four significant digits, without an exponent from 0.0001 to below a billion.
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return value.isNaN ? "-" : value > 0 ? "inf" : "-inf" }
        if value == 0 { return "0" }
        if value == value.rounded(), abs(value) < 1e9 { return String(Int64(value)) }
        let magnitude = abs(value)
        guard magnitude >= 1e-4, magnitude < 1e9 else { return String(format: "%.3e", value) }
        let decimals = max(0, 3 - Int(log10(magnitude).rounded(.down)))
        return String(format: "%.\(min(decimals, 8))f", value)
    }

    /// A share as a percentage with two decimals.
    static func percent(_ share: Double) -> String { share.isFinite ? String(format: "%.2f%%", share * 100) : "-" }

    /// `4 s`, `2 min 05 s`, `3 h 07 min`.
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "-" }
        let whole = Int(seconds.rounded())
        if whole < 60 { return seconds < 10 ? String(format: "%.1f s", seconds) : "\(whole) s" }
        if whole < 3600 { return String(format: "%d min %02d s", whole / 60, whole % 60) }
        return String(format: "%d h %02d min", whole / 3600, whole % 3600 / 60)
    }

    /// `2026-07-01 12:34:56` in UTC.
    static func time(_ milliseconds: Int64) -> String {
        let seconds = milliseconds - milliseconds % 1000
        let text = ISOTime.string(seconds)
        return text.count == 10
            ? text + " 00:00:00" : text.replacingOccurrences(of: "T", with: " ").replacingOccurrences(of: "Z", with: "")
    }

    /// The date alone.
    static func date(_ milliseconds: Int64) -> String { String(ISOTime.string(milliseconds).prefix(10)) }

    /// `512 B`, `1.5 MiB`.
    static func bytes(_ count: Int64) -> String {
        var value = Double(count)
        for unit in ["B", "KiB", "MiB", "GiB"] {
            if value < 1024 || unit == "GiB" { return unit == "B" ? "\(count) B" : String(format: "%.1f %@", value, unit) }
            value /= 1024
        }
        return "\(count) B"
    }

    /// The first twelve digits of a hash.
    static func hash(_ sha256: String) -> String { String(clean(sha256).prefix(12)) }

    /// `1 trial`, `2 trials`.
    static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
}
