import MarketData

extension TearSheet {
    static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    static let mostYears = 40

    /// One year's compounded returns; a month without a bar is nil.
    struct Year {
        let number: Int
        var months = [Double?](repeating: nil, count: 12)
        var total = 1.0
    }

    /// Returns in percent by month and year; by year alone where the width allows no more. The last 40 years.
    func calendarLines(_ width: Int, _ ink: Ink) -> [String] {
        let years = years()
        guard !years.isEmpty else { return [] }
        let shown = years.suffix(Self.mostYears)
        let cell = min(7, (width - 4 - 8) / 12)
        let withMonths = cell >= 5
        var header = Format.left("", 4)
        if withMonths { for month in Self.months { header += Format.right(month, cell) } }
        header += Format.right("Year", 8)
        var lines = [ink.strong(withMonths ? "Returns by month, %" : "Returns by year, %"), ink.faint(header)]
        for year in shown {
            var line = ink.faint(Format.right("\(year.number)", 4))
            if withMonths {
                for month in year.months {
                    let value = month.map { $0 - 1 }
                    line += ink.signed(Format.cell(value.map { Self.short($0, cell - 1) } ?? "·", cell), value ?? 0)
                }
            }
            line += ink.signed(Format.cell(Self.short(year.total - 1, 7), 8), year.total - 1)
            lines.append(line)
        }
        return lines
    }

    func years() -> [Year] {
        var years: [Year] = []
        for (time, value) in zip(times, returns) {
            let days = time >= 0 ? time / ISOTime.millisecondsPerDay : (time + 1) / ISOTime.millisecondsPerDay - 1
            let date = CivilDate(daysSince1970: Int(days))
            if years.last?.number != date.year { years.append(Year(number: date.year)) }
            let last = years.count - 1
            years[last].months[date.month - 1] = (years[last].months[date.month - 1] ?? 1) * (1 + value)
            years[last].total *= 1 + value
        }
        return years
    }

    /// A percentage with one decimal where `width` allows it, otherwise none.
    private static func short(_ value: Double, _ width: Int) -> String {
        let text = Format.number(value * 100, 1)
        return text.count <= width ? text : Format.number(value * 100, 0)
    }
}
