/// Times in milliseconds since 1970 UTC as ISO 8601 text.
package enum ISOTime {
    package static let millisecondsPerDay: Int64 = 86_400_000

    /// `1999-01-04` at midnight, otherwise `1999-01-04T09:30:00Z`, with `.123` before the Z when there are milliseconds.
    package static func string(_ time: Int64) -> String {
        var text: [UInt8] = []
        append(time, to: &text, dateOnly: isMidnight(time))
        return String(decoding: text, as: UTF8.self)
    }

    /// The date part alone.
    package static func date(_ time: Int64) -> CivilDate { CivilDate(daysSince1970: Int(day(time))) }

    /// Days since 1970-01-01, rounded down.
    package static func day(_ time: Int64) -> Int64 {
        let quotient = time / millisecondsPerDay
        return time % millisecondsPerDay < 0 ? quotient - 1 : quotient
    }

    package static func isMidnight(_ time: Int64) -> Bool { time % millisecondsPerDay == 0 }

    /// Appends the text of `time`, without its time of day when `dateOnly`.
    static func append(_ time: Int64, to text: inout [UInt8], dateOnly: Bool) {
        let day = day(time)
        let date = CivilDate(daysSince1970: Int(day))
        digits(date.year, 4, &text)
        text.append(UInt8(ascii: "-"))
        digits(date.month, 2, &text)
        text.append(UInt8(ascii: "-"))
        digits(date.day, 2, &text)
        if dateOnly { return }
        let (product, _) = day.multipliedReportingOverflow(by: millisecondsPerDay)
        let ofDay = Int(time &- product)
        text.append(UInt8(ascii: "T"))
        digits(ofDay / 3_600_000, 2, &text)
        text.append(UInt8(ascii: ":"))
        digits(ofDay / 60_000 % 60, 2, &text)
        text.append(UInt8(ascii: ":"))
        digits(ofDay / 1000 % 60, 2, &text)
        if ofDay % 1000 != 0 {
            text.append(UInt8(ascii: "."))
            digits(ofDay % 1000, 3, &text)
        }
        text.append(UInt8(ascii: "Z"))
    }

    private static func digits(_ value: Int, _ width: Int, _ text: inout [UInt8]) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }
}
