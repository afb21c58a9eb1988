/// Durations and sizes as specs write them.
package enum Quantity {
    private static let durationUnits: [(String, Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]
    private static let sizeUnits: [(String, Int64)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40), ("KB", 1_000), ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("TB", 1_000_000_000_000), ("B", 1), ("", 1),
    ]

    /// Milliseconds of `30s` and the like; nil unless it is a whole number with a known unit that fits.
    static func milliseconds(_ text: String) -> Int64? { parse(text, durationUnits) }

    /// Bytes of `512MiB` and the like.
    package static func byteCount(_ text: String) -> Int64? { parse(text, sizeUnits) }

    /// The shortest exact spelling, which `milliseconds` reads back.
    static func duration(_ milliseconds: Int64) -> String {
        let unit = durationUnits.last { milliseconds % $0.1 == 0 && milliseconds >= $0.1 } ?? durationUnits[1]
        return "\(milliseconds / unit.1)\(unit.0)"
    }

    /// The shortest exact spelling in binary units, which `byteCount` reads back.
    static func bytes(_ count: Int64) -> String {
        let unit = sizeUnits.prefix(4).last { count % $0.1 == 0 && count >= $0.1 } ?? ("B", 1)
        return "\(count / unit.1)\(unit.0)"
    }

    private static func parse(_ text: String, _ units: [(String, Int64)]) -> Int64? {
        let digits = text.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let number = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
        let unit = String(decoding: text.utf8.dropFirst(digits.count), as: UTF8.self)
        guard let factor = units.first(where: { $0.0 == unit })?.1 else { return nil }
        let (product, overflow) = number.multipliedReportingOverflow(by: factor)
        return overflow ? nil : product
    }
}
