extension Dataset {
    /// The times of all bars of all series, each once, rising; milliseconds since 1970 UTC.
    package var calendar: [Int64] { Self.calendar(of: series.map(\.time)) }

    /// The union of rising times.
    package static func calendar(of times: [[Int64]]) -> [Int64] {
        guard let first = times.first else { return [] }
        guard times.contains(where: { $0 != first }) else { return first }
        var calendar: [Int64] = []
        for time in times.joined().sorted() where calendar.last != time { calendar.append(time) }
        return calendar
    }

    /// The place on `calendar` of each bar of a series whose times all lie on it; nil when they are the calendar itself.
    package static func places(of times: [Int64], on calendar: [Int64]) -> [Int]? {
        guard times != calendar else { return nil }
        var place = 0
        return times.map { time in
            while place < calendar.count - 1, calendar[place] < time { place += 1 }
            return place
        }
    }
}
