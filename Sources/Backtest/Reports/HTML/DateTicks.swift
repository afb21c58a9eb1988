import MarketData

/// Places on a time axis at the first days of years, quarters or months, or at days where the axis is short.
struct DateTicks {
    let marks: [(time: Int64, label: String)]

    /// At most `count` marks within `first` to `last`, milliseconds since 1970.
    init(_ first: Int64, _ last: Int64, count: Int) {
        let start = ISOTime.date(first), end = ISOTime.date(last)
        let months = (end.year - start.year) * 12 + end.month - start.month
        let limit = max(1, count)
        guard months >= 2 else {
            marks = Self.days(Int(ISOTime.day(first)), Int(ISOTime.day(last)), limit).filter { (first...last).contains($0.time) }
            return
        }
        let step = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 12_000].first { months / $0 <= limit } ?? 120_000
        let from = start.year * 12 + start.month - 1, to = end.year * 12 + end.month - 1
        marks = stride(from: (from + step - 1) / step * step, through: to, by: step).compactMap { month in
            guard let date = CivilDate(year: month / 12, month: month % 12 + 1, day: 1) else { return nil }
            let time = Int64(date.daysSince1970) * ISOTime.millisecondsPerDay
            guard (first...last).contains(time) else { return nil }
            let label = String(ISOTime.string(time).prefix(step >= 12 ? 4 : 7))
            return (time, label)
        }
    }

    private static func days(_ first: Int, _ last: Int, _ limit: Int) -> [(time: Int64, label: String)] {
        let step = [1, 2, 5, 10, 20].first { (last - first) / $0 <= limit } ?? 60
        return stride(from: first, through: last, by: step).map { day in
            let time = Int64(day) * ISOTime.millisecondsPerDay
            return (time, String(ISOTime.string(time).prefix(10)))
        }
    }
}
