import Diagnostics
import Foundation
import Testing

@testable import Specs

/// Bad input 19: schedules that never fire, that no zone has, that fall into a gap.
@Suite struct ScheduleTests {
    /// 2026-03-01T00:00Z.
    private static let now = Int64(20_513) * 86_400_000

    private func errors(_ schedule: String) -> [SpecError] {
        do {
            _ = try JobSpec.parse(text: SpecSamples.drill + "\nschedule: \(schedule)", file: "job.yaml", now: Self.now)
            return []
        } catch { return error.errors }
    }

    private func fires(_ cron: String, zone: String = "UTC") throws -> [String] {
        let clock = ZoneClock(try #require(TimeZone(identifier: zone)))
        return try CronSchedule(parsing: cron).fires(after: Self.now, count: 3, clock: clock).map(clock.text)
    }

    @Test func `a valid schedule is still refused, and says when it would run`() {
        let errors = errors("{cron: \"30 22 * * 1-5\", timezone: America/New_York}")
        #expect(errors.map(\.code) == ["E_SCHEDULE"])
        #expect(errors.first?.pointer == "/schedule")
        #expect(errors.first?.message.contains("2026-03-02T22:30-05:00, 2026-03-03T22:30-05:00, 2026-03-04T22:30-05:00") == true)
    }

    @Test(arguments: ["* * 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"])
    func `a schedule that never fires is refused`(cron: String) {
        let errors = errors("{cron: \"\(cron)\"}")
        #expect(errors.map(\.code) == ["E_SCHEDULE", "E_CRON"])
        #expect(errors.last?.message.contains("never fires") == true)
        #expect(errors.last?.place == .text(file: "job.yaml", line: 4, column: 18))
        #expect(errors.last?.pointer == "/schedule/cron")
    }

    @Test(arguments: [
        "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8", "a * * * *", "*/0 * * * *",
        "5-1 * * * *", "1,,2 * * * *", "-1 * * * *", "*/x * * * *", "1/2/3 * * * *", "@daily", "99999999999999999999 * * * *",
    ])
    func `an expression that is none is refused`(cron: String) {
        #expect(errors("{cron: \"\(cron)\"}").map(\.code) == ["E_SCHEDULE", "E_CRON"])
    }

    @Test(arguments: ["Mars/Olympus", "CST", "GMT+5", "../etc/localtime", "EST5EDT/x"])
    func `a time zone that does not exist is refused`(zone: String) {
        let errors = errors("{cron: \"0 1 * * *\", timezone: \"\(zone)\"}")
        #expect(errors.map(\.code) == ["E_SCHEDULE", "E_CRON"])
        #expect(errors.last?.pointer == "/schedule/timezone")
    }

    @Test func `a time that the clocks skip is named with the next runs`() {
        let errors = errors("{cron: \"30 2 * * *\", timezone: Europe/Berlin}")
        #expect(errors.map(\.code) == ["E_SCHEDULE", "E_CRON"])
        #expect(errors.last?.message.contains("2026-03-29T02:30") == true)
        #expect(errors.last?.hint?.contains("2026-03-01T02:30+01:00") == true)
        #expect(self.errors("{cron: \"30 3 * * *\", timezone: Europe/Berlin}").map(\.code) == ["E_SCHEDULE"])
        #expect(self.errors("{cron: \"30 * * * *\", timezone: Europe/Berlin}").map(\.code) == ["E_SCHEDULE"])
        #expect(self.errors("{cron: \"30 2 * * *\", timezone: UTC}").map(\.code) == ["E_SCHEDULE"])
    }

    @Test func `times follow the fields`() throws {
        #expect(try fires("0 0 29 2 *") == ["2028-02-29T00:00+00:00", "2032-02-29T00:00+00:00"])
        #expect(try fires("*/20 9-10 1 * *") == ["2026-03-01T09:00+00:00", "2026-03-01T09:20+00:00", "2026-03-01T09:40+00:00"])
        #expect(try fires("5,10 0 * jan sun") == ["2027-01-03T00:05+00:00", "2027-01-03T00:10+00:00", "2027-01-10T00:05+00:00"])
        // When both days are restricted, either will do; 7 is Sunday as well.
        #expect(try fires("0 12 2 3 7") == ["2026-03-01T12:00+00:00", "2026-03-02T12:00+00:00", "2026-03-08T12:00+00:00"])
        #expect(try fires("0 0 1 * *") == ["2026-04-01T00:00+00:00", "2026-05-01T00:00+00:00", "2026-06-01T00:00+00:00"])
        #expect(try fires("30 2 29 3 *", zone: "Europe/Berlin").first == "2027-03-29T02:30+02:00")
    }
}
