import Diagnostics

extension WalkForward {
    /// The windows of a series whose bars have these times, in milliseconds since 1970 UTC and in rising order.
    ///
    /// Periods of the calendar begin on the anchor's day of every month, of the first month of every quarter, or of January, and
    /// belong to the bars from that day (UTC) on. The first period is one whose first week has a bar, the last one ends at the
    /// last bar or within a week after it. A window of a calendar plan is laid out as
    ///
    ///     | train ... | p | e | test |
    ///
    /// where the test begins with a period and the train begins `train` periods before it (rolling) or with the first period;
    /// purge and embargo take the last bars from the train.
    ///
    /// Throws what `windows(bars:)` throws, and `E_WINDOW_ORDER` when purge and embargo leave nothing to train on or a test has
    /// no bar.
    package func windows(times: [Int64]) throws(MarketDataError) -> [Window] {
        guard let months = unit.months else { return try windows(bars: times.count) }
        try validate()
        let edges = Self.edges(of: times, months: months, anchor: anchor)
        let periods = max(0, edges.count - 1)
        guard train + test <= periods else {
            throw MarketDataError(
                .windowLength,
                "the first window needs \(train + test) \(unit.rawValue), but the data has \(periods) whole ones",
                place: .key("/walkForward"), hint: "shorten train or test, or use a longer series")
        }
        let count = (periods - train - test) / step + 1
        try Self.check(count: count)
        var windows: [Window] = []
        windows.reserveCapacity(count)
        for index in 0..<count {
            let period = train + index * step
            let trainStart = edges[kind == .rolling ? period - train : 0]
            let trainEnd = edges[kind == .fixed ? train : period] - embargo - purge
            // An empty range instead of one that ends before it begins: the window says what is wrong.
            windows.append(
                try Window(
                    index: index, train: trainStart..<max(trainStart, trainEnd), test: edges[period]..<edges[period + test]))
        }
        return windows
    }

    /// The first bar of each period, and the first after the last one.
    private static func edges(of times: [Int64], months: Int, anchor: WeekdayOfMonth?) -> [Int] {
        guard let first = times.first, let last = times.last else { return [] }
        let week: Int64 = 7 * millisecondsADay
        let date = CivilDate(daysSince1970: day(of: first))
        // The period that the first bar is in, or the one before the anchor's day.
        var ordinal = (date.year * 12 + date.month - 1) / months * months - months
        var edges: [Int] = []
        var bar = 0
        while let begin = WeekdayOfMonth.begin(ofMonth: ordinal, anchor) {
            ordinal += months
            let time = Int64(begin) * millisecondsADay
            if time > last + week { break }
            if first > time + week { continue }
            while bar < times.count, times[bar] < time { bar += 1 }
            edges.append(bar)
        }
        return edges
    }

    private static let millisecondsADay: Int64 = 86_400_000

    private static func day(of time: Int64) -> Int {
        let (days, rest) = time.quotientAndRemainder(dividingBy: millisecondsADay)
        return Int(rest < 0 ? days - 1 : days)
    }
}
