import Foundation
import MarketData

/// The form of a `schedule` section. Its mistakes are reported like all others, and then the section is refused: this version
/// runs a job when it is submitted.
enum ScheduleForm {
    /// Reports `E_CRON` for an expression or time zone that is wrong or never fires, and `E_SCHEDULE` in any case.
    static func check(_ cursor: Cursor, now: Int64) {
        var times = ""
        if let map = cursor.map(["cron", "timezone"], what: "a schedule") {
            let zone = zone(map["timezone"])
            if let value = map.required("cron", hint: "for example \"30 22 * * 1-5\""), let schedule = schedule(value), let zone {
                times = check(schedule, value, zone, now)
            }
        }
        cursor.report(
            "E_SCHEDULE", "scheduled runs are not available in this version\(times)",
            hint: "remove schedule, and submit the job from cron")
    }

    private static func zone(_ cursor: Cursor?) -> TimeZone? {
        guard let cursor else { return TimeZone(identifier: "UTC") }
        guard let name = cursor.string("a time zone") else { return nil }
        // Abbreviations and offsets are refused: CST is at least three places.
        if name == "UTC" || name.contains("/"), let zone = TimeZone(identifier: name) { return zone }
        cursor.report(
            "E_CRON", "there is no time zone \(SpecNode.shown(name))",
            hint: "a name of the tz database, such as UTC or America/New_York")
        return nil
    }

    private static func schedule(_ cursor: Cursor) -> CronSchedule? {
        guard let text = cursor.string("a cron expression") else { return nil }
        do throws(CronError) {
            return try CronSchedule(parsing: text)
        } catch {
            cursor.report("E_CRON", error.message, hint: error.hint)
            return nil
        }
    }

    private static func check(_ schedule: CronSchedule, _ cursor: Cursor, _ zone: TimeZone, _ now: Int64) -> String {
        let clock = ZoneClock(zone)
        let fires = schedule.fires(after: now, count: 3, clock: clock).map(clock.text)
        if let gap = schedule.gap(after: now, clock: clock) {
            cursor.report(
                "E_CRON",
                "the schedule skips \(gap), a local time that does not exist in \(zone.identifier) when the clocks go forward",
                hint: "choose another hour, or UTC; the next times are \(fires.joined(separator: ", "))")
        }
        return fires.isEmpty ? "" : "; the next times would be \(fires.joined(separator: ", "))"
    }
}

/// Local time in a zone, counted in minutes, so that schedules need no calendar of their own.
struct ZoneClock {
    private let zone: TimeZone
    private static let minute: Int64 = 60_000

    init(_ zone: TimeZone) { self.zone = zone }

    /// Minutes of local time since 1970-01-01 00:00 at a point in time.
    func localMinutes(_ time: Int64) -> Int64 { floor(time + offset(time)) }

    /// The first point in time at which local clocks show `minutes`; nil when they skip it.
    func time(localMinutes minutes: Int64) -> Int64? {
        let local = minutes * Self.minute
        // No offset is beyond a day, so a transition that matters lies between these two.
        for guess in [local - offset(local - 86_400_000), local - offset(local + 86_400_000)] where guess + offset(guess) == local
        { return guess }
        return nil
    }

    /// Whether the clocks are changed during a local day, counted from 1970.
    func changes(onDay day: Int) -> Bool {
        let start = Int64(day) * 86_400_000
        return offset(start - 86_400_000) != offset(start + 2 * 86_400_000)
    }

    /// ISO 8601 with the offset from UTC.
    func text(_ time: Int64) -> String {
        let minutes = offset(time) / Self.minute
        let sign = minutes < 0 ? "-" : "+"
        return Self.text(localMinutes: localMinutes(time)) + sign + Self.two(abs(minutes) / 60) + ":"
            + Self.two(abs(minutes) % 60)
    }

    static func text(localMinutes minutes: Int64) -> String {
        let days = Int((Double(minutes) / 1_440).rounded(.down))
        let rest = minutes - Int64(days) * 1_440
        let date = CivilDate(daysSince1970: days)
        return "\(date.year)-\(two(Int64(date.month)))-\(two(Int64(date.day)))T\(two(rest / 60)):\(two(rest % 60))"
    }

    private func offset(_ time: Int64) -> Int64 {
        Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(time) / 1_000))) * 1_000
    }

    private func floor(_ time: Int64) -> Int64 { time >= 0 ? time / Self.minute : (time - Self.minute + 1) / Self.minute }

    private static func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
}
