import Foundation
import Testing

@testable import MarketData

@Suite struct CalendarTests {
    @Test func `days and dates convert both ways over the whole range`() throws {
        var calendar = Foundation.Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for days in stride(from: -135_000, through: 2_932_896, by: 997) {
            let date = CivilDate(daysSince1970: days)
            #expect(date.daysSince1970 == days)
            #expect(CivilDate(year: date.year, month: date.month, day: date.day) == date)
            let parts = calendar.dateComponents(
                [.year, .month, .day, .weekday], from: Date(timeIntervalSince1970: Double(days) * 86_400))
            // Foundation's Gregorian calendar begins in 1582; its Sunday is 1.
            guard date.year > 1600 else { continue }
            #expect(parts.year == date.year && parts.month == date.month && parts.day == date.day)
            #expect((try #require(parts.weekday) + 5) % 7 + 1 == date.weekday)
        }
    }

    @Test func `every day of four centuries follows the one before`() {
        var previous = CivilDate(daysSince1970: -719_162)
        #expect(previous.year == 1 && previous.month == 1 && previous.day == 1)
        for days in -719_161...(-719_162 + 146_097) {
            let date = CivilDate(daysSince1970: days)
            #expect(previous < date && date.daysSince1970 == days)
            previous = date
        }
        #expect(previous.year == 401)
    }

    @Test func `days that do not exist are nil and far ones are clamped`() {
        #expect(CivilDate(year: 1900, month: 2, day: 29) == nil)
        #expect(CivilDate(year: 2000, month: 2, day: 29) != nil)
        #expect(CivilDate(year: 2023, month: 4, day: 31) == nil)
        #expect(CivilDate(year: 2023, month: 13, day: 1) == nil)
        #expect(CivilDate(year: 0, month: 1, day: 1) == nil)
        #expect(CivilDate(daysSince1970: .max).year == 9999)
        #expect(CivilDate(daysSince1970: .min).year == 1)
    }

    @Test func `times are written as ISO text`() {
        #expect(ISOTime.string(915_408_000_000) == "1999-01-04")
        #expect(ISOTime.string(915_408_000_001) == "1999-01-04T00:00:00.001Z")
        #expect(ISOTime.string(0) == "1970-01-01")
        #expect(ISOTime.string(-1) == "1969-12-31T23:59:59.999Z")
        #expect(ISOTime.string(951_827_696_000) == "2000-02-29T12:34:56Z")
        #expect(ISOTime.string(.min).isEmpty == false)
        #expect(ISOTime.string(.max).isEmpty == false)
        #expect(ISOTime.day(-1) == -1)
        #expect(ISOTime.date(-1) == CivilDate(year: 1969, month: 12, day: 31))
    }
}
