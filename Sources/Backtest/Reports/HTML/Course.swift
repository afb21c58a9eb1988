import MarketData

/// Wealth and depth over time, as charts draw them.
struct Course {
    let times: [Int64]
    /// Wealth after each return, from 1; once it is zero or less it stays there. In a profile that sums returns, 1 and their sum.
    let wealth: [Double]
    /// Wealth over its peak, less 1, the start counted; in a profile that sums returns, the fall from the peak.
    let depth: [Double]

    /// Nil unless there are two bars or more, at times that a calendar has and in order, and wealth stays finite.
    init?(_ sheet: TearSheet) {
        let times = sheet.times, returns = sheet.returns
        guard times.count == returns.count, let first = times.first, let last = times.last, first < last,
            Self.hasDate(first), Self.hasDate(last), zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 })
        else { return nil }
        let isCompounded = sheet.performance.profile.isCompounded
        var value = 1.0
        var peak = isCompounded ? 1.0 : -Double.infinity
        var wealth: [Double] = []
        var depth: [Double] = []
        for change in returns {
            if !isCompounded { value += change } else if value > 0 { value *= 1 + change }
            peak = max(peak, value)
            wealth.append(value)
            depth.append(isCompounded ? value / peak - 1 : value - peak)
        }
        guard wealth.allSatisfy(\.isFinite), depth.allSatisfy(\.isFinite) else { return nil }
        (self.times, self.wealth, self.depth) = (times, wealth, depth)
    }

    /// Whether a time lies well within the years that calendars have, 1 to 9999.
    static func hasDate(_ time: Int64) -> Bool { (2...9998).contains(ISOTime.date(time).year) }

    /// Indices that draw the same curve of `values` at `columns` pixels: of each column the first, lowest, highest and last.
    static func thinned(_ values: [Double], columns: Int) -> [Int] {
        guard columns > 0, values.count > 4 * columns else { return Array(values.indices) }
        var kept: [Int] = []
        var start = 0
        for column in 1...columns {
            let end = column * values.count / columns
            let low = (start..<end).min { values[$0] < values[$1] } ?? start
            let high = (start..<end).max { values[$0] < values[$1] } ?? start
            for index in [start, min(low, high), max(low, high), end - 1] where index != kept.last { kept.append(index) }
            start = end
        }
        return kept
    }
}
