import MarketData

/// One series of a dataset with the places of its bars on the calendar that all series share, and what may be read of it.
///
/// Ranges are of the calendar: a window's train and test. A series may begin late, end early or lack bars.
struct CalendarSeries {
    private let bars: ClippedBars
    /// The place on the calendar of each bar of the series; nil when it has all of them.
    private let places: [Int]?

    /// `places` rise. Throws `E_LOOK_AHEAD` when `readable` is not within the calendar.
    init(_ bars: Bars, places: [Int]?, readable: Range<Int>) throws {
        self.places = places
        self.bars = try ClippedBars(bars, readable: Self.own(readable, places))
    }

    /// The bars of the series itself that lie in `range`, as indices of the series.
    func own(_ range: Range<Int>) -> Range<Int> { Self.own(range, places) }

    /// The bars that lie in `range`, and up to `before` of the series' own ones before them. Throws `E_LOOK_AHEAD`.
    func read(_ range: Range<Int>, before: Int = 0) throws -> Bars { try bars.read(first(range, before)..<own(range).upperBound) }

    /// The index of the first bar that `read` gives.
    func first(_ range: Range<Int>, _ before: Int) -> Int { max(0, own(range).lowerBound - before) }

    /// One value for each bar of the calendar in `range` from those of the series' own bars there: a bar without one has that of
    /// the bar before, the first ones zero.
    func carried(_ values: [Double], over range: Range<Int>) -> [Double] {
        guard let places else { return values }
        var carried = [Double](repeating: 0, count: range.count)
        let own = own(range)
        for (value, bar) in zip(values, own) {
            let next = bar + 1 < own.upperBound ? places[bar + 1] : range.upperBound
            for place in places[bar]..<next { carried[place - range.lowerBound] = value }
        }
        return carried
    }

    /// The values at the series' own bars, of one for each bar of the calendar in `range`.
    func picked(_ values: [Double], from range: Range<Int>) -> [Double] {
        guard let places else { return values }
        return own(range).map { values[places[$0] - range.lowerBound] }
    }

    private static func own(_ range: Range<Int>, _ places: [Int]?) -> Range<Int> {
        guard let places else { return range }
        return first(places, from: range.lowerBound)..<first(places, from: range.upperBound)
    }

    /// The first index whose place is `place` or after it.
    private static func first(_ places: [Int], from place: Int) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
