import Diagnostics
import MarketData

/// A cron expression of five fields: minute, hour, day of the month, month, day of the week.
///
/// Each field is `*` or a list of numbers, names (of months and weekdays), ranges `a-b` and steps `*/n` or `a-b/n`. When both
/// days are restricted, either may match, as in Vixie's cron. 0 and 7 are Sunday.
struct CronSchedule {
    private let minutes: Set<Int>
    private let hours: Set<Int>
    private let days: Set<Int>
    private let months: Set<Int>
    private let weekdays: Set<Int>
    private let hoursAreRestricted: Bool
    private let daysAreRestricted: Bool
    private let weekdaysAreRestricted: Bool

    private static let fields: [(name: String, range: ClosedRange<Int>, names: [String])] = [
        ("minute", 0...59, []), ("hour", 0...23, []), ("day of the month", 1...31, []),
        ("month", 1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day of the week", 0...7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    init(parsing text: String) throws(CronError) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        guard parts.count == 5 else {
            throw CronError(
                "a cron expression has 5 fields, not \(parts.count)",
                hint: "minute hour day month weekday, for example 30 22 * * 1-5")
        }
        var sets: [Set<Int>] = []
        for (part, field) in zip(parts, Self.fields) { sets.append(try Self.parse(part, field)) }
        (minutes, hours, days, months) = (sets[0], sets[1], sets[2], sets[3])
        weekdays = Set(sets[4].map { $0 % 7 })
        (hoursAreRestricted, daysAreRestricted, weekdaysAreRestricted) = (parts[1] != "*", parts[2] != "*", parts[4] != "*")
        if daysAreRestricted, !weekdaysAreRestricted, let firstDay = days.min() {
            let longest = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            guard months.contains(where: { longest[$0 - 1] >= firstDay }) else {
                throw CronError(
                    "the schedule never fires: no month of it has a day \(firstDay)", hint: "choose a day that the month has")
            }
        }
    }

    private static func parse(
        _ text: String, _ field: (name: String, range: ClosedRange<Int>, names: [String])
    ) throws(CronError)
        -> Set<Int>
    {
        var values: Set<Int> = []
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let stepped = item.split(separator: "/", omittingEmptySubsequences: false)
            let ends = stepped[0].split(separator: "-", omittingEmptySubsequences: false)
            let step = stepped.count == 1 ? 1 : (stepped.count == 2 ? Int(stepped[1]) ?? 0 : 0)
            let isStar = stepped[0] == "*"
            let low = isStar ? field.range.lowerBound : number(ends[0], field)
            let high =
                isStar || (stepped.count == 2 && ends.count == 1)
                ? field.range.upperBound : ends.count == 2 ? number(ends[1], field) : low
            guard let low, let high, low <= high, ends.count <= 2, (1...field.range.upperBound + 1).contains(step) else {
                throw CronError(
                    "\(SpecNode.shown(String(item))) is no \(field.name)",
                    hint: "\(field.range.lowerBound) to \(field.range.upperBound), lists a,b, ranges a-b and steps */n")
            }
            values.formUnion(stride(from: low, through: high, by: step))
        }
        return values
    }

    private static func number(_ text: Substring, _ field: (name: String, range: ClosedRange<Int>, names: [String])) -> Int? {
        if let index = field.names.firstIndex(of: text.lowercased()) { return index + (field.name == "month" ? 1 : 0) }
        guard let value = Int(text), field.range.contains(value) else { return nil }
        return value
    }

    /// The next points in time after `time` at which the schedule fires; fewer than `count` when they are beyond eight years.
    func fires(after time: Int64, count: Int, clock: ZoneClock) -> [Int64] {
        var fires: [Int64] = []
        scan(after: clock.localMinutes(time), days: 8 * 366) { minutes in
            if let fire = clock.time(localMinutes: minutes), fire > time { fires.append(fire) }
            return fires.count < count
        }
        return fires
    }

    /// A local time within a year that the schedule names and that the clocks skip; nil for a schedule of every hour, which
    /// loses nothing.
    func gap(after time: Int64, clock: ZoneClock) -> String? {
        guard hoursAreRestricted else { return nil }
        var gap: String?
        // Only days on which the clocks change can have one, and there are a few of them in a year.
        scan(after: clock.localMinutes(time), days: 366, where: clock.changes) { minutes in
            if clock.time(localMinutes: minutes) == nil { gap = ZoneClock.text(localMinutes: minutes) }
            return gap == nil
        }
        return gap
    }

    /// Calls `visit` with each local minute of the schedule after `start`, in order, until it returns false. Days are counted
    /// from 1970 and left out unless `isWanted`.
    private func scan(after start: Int64, days count: Int, where isWanted: (Int) -> Bool = { _ in true }, visit: (Int64) -> Bool)
    {
        let firstDay = Int((Double(start) / 1_440).rounded(.down))
        let (hours, minutes) = (hours.sorted(), minutes.sorted())
        for day in firstDay..<(firstDay + count) where matches(day) && isWanted(day) {
            for hour in hours {
                for minute in minutes {
                    let local = Int64(day) * 1_440 + Int64(hour * 60 + minute)
                    if local > start, !visit(local) { return }
                }
            }
        }
    }

    private func matches(_ day: Int) -> Bool {
        let date = CivilDate(daysSince1970: day)
        guard months.contains(date.month) else { return false }
        // 1970-01-01 was a Thursday.
        let weekday = ((day + 4) % 7 + 7) % 7
        let (dayMatches, weekdayMatches) = (days.contains(date.day), weekdays.contains(weekday))
        if daysAreRestricted, weekdaysAreRestricted { return dayMatches || weekdayMatches }
        return dayMatches && weekdayMatches
    }
}

/// What is wrong with a cron expression.
struct CronError: Error {
    let message: String
    let hint: String
    init(_ message: String, hint: String) {
        self.message = message
        self.hint = hint
    }
}
