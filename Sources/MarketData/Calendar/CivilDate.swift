/// A day of the proleptic Gregorian calendar.
///
/// Conversions count days from 1970-01-01 in eras of 400 years with years that begin in March, as in Howard Hinnant's
/// "chrono-compatible low-level date algorithms".
package struct CivilDate: Sendable, Hashable, Comparable {
    package let year: Int
    /// 1 to 12.
    package let month: Int
    /// 1 to the length of the month.
    package let day: Int

    /// The date, or nil when there is no such day. Years run from 1 to 9999.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(month, leap: Self.isLeap(year))
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date that is `days` after 1970-01-01. Days outside the years 1 to 9999 give the nearest day within.
    package init(daysSince1970 days: Int) {
        let shifted = min(max(days, -719_162), 2_932_896) + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// Days since 1970-01-01; negative before.
    package var daysSince1970: Int { Self.days(year: year, month: month, day: day) }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int { Self.weekday(daysSince1970: daysSince1970) }

    package static func weekday(daysSince1970 days: Int) -> Int {
        let fromThursday = days % 7
        return (fromThursday + 7 + 3) % 7 + 1
    }

    package static func < (a: CivilDate, b: CivilDate) -> Bool { (a.year, a.month, a.day) < (b.year, b.month, b.day) }

    /// Days since 1970-01-01 of a date that is known to exist.
    @inline(__always)
    static func days(year: Int, month: Int, day: Int) -> Int {
        let y = month <= 2 ? year &- 1 : year
        let era = y / 400
        let yearOfEra = y &- era &* 400
        let monthFromMarch = month > 2 ? month &- 3 : month &+ 9
        let dayOfYear = (153 &* monthFromMarch &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }

    @inline(__always)
    static func isLeap(_ year: Int) -> Bool { year & 3 == 0 && (year % 100 != 0 || year % 400 == 0) }

    @inline(__always)
    static func daysInMonth(_ month: Int, leap: Bool) -> Int {
        if month == 2 { return leap ? 29 : 28 }
        // April, June, September, November.
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    }
}
