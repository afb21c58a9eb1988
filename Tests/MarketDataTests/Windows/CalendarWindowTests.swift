import Diagnostics
import MarketData
import Statistics
import Testing

@Suite struct CalendarWindowTests {
    private static let day: Int64 = 86_400_000

    private static func days(_ from: CivilDate, _ to: CivilDate, without holidays: Set<CivilDate> = []) -> [CivilDate] {
        (from.daysSince1970...to.daysSince1970).map(CivilDate.init(daysSince1970:)).filter {
            $0.weekday <= 5 && !holidays.contains($0)
        }
    }

    private static func times(_ days: [CivilDate]) -> [Int64] { days.map { Int64($0.daysSince1970) * day } }

    private static func date(_ year: Int, _ month: Int, _ day: Int) throws -> CivilDate {
        try #require(CivilDate(year: year, month: month, day: day))
    }

    /// New York's sessions of 2021 and 2022, which skfolio's example walks through.
    private static func sessions() throws -> [CivilDate] {
        let closed = [
            (2021, 1, 1), (2021, 1, 18), (2021, 2, 15), (2021, 4, 2), (2021, 5, 31), (2021, 7, 5), (2021, 9, 6), (2021, 11, 25),
            (2021, 12, 24), (2022, 1, 17), (2022, 2, 21), (2022, 4, 15), (2022, 5, 30), (2022, 6, 20), (2022, 7, 4),
            (2022, 9, 5), (2022, 11, 24), (2022, 12, 26),
        ]
        return days(try date(2021, 1, 1), try date(2022, 12, 28), without: Set(try closed.map { try date($0.0, $0.1, $0.2) }))
    }

    @Test("skfolio's calendar example: third Fridays, 12 months to train and 3 to test")
    func skfolio() throws {
        let sessions = try Self.sessions()
        let plan = WalkForward(train: 12, test: 3, unit: .months, anchor: WeekdayOfMonth("3FRI"))
        let windows = try plan.windows(times: Self.times(sessions))
        #expect(windows.map(\.train.count) == [256, 253, 251])
        #expect(windows.map(\.test.count) == [59, 61, 69])
        #expect(try sessions[windows[0].train.lowerBound] == Self.date(2021, 1, 15))
        #expect(try sessions[windows[0].test.lowerBound] == Self.date(2022, 1, 21))
    }

    @Test("a quarter is three months, a year twelve, and the first days of January may be missing")
    func units() throws {
        let days = Self.days(try Self.date(2015, 1, 5), try Self.date(2018, 12, 31))
        let times = Self.times(days)
        let quarters = try WalkForward(train: 4, test: 1, unit: .quarters).windows(times: times)
        #expect(quarters.count == 12)
        #expect(try quarters == WalkForward(train: 12, test: 3, unit: .months).windows(times: times))
        for window in quarters {
            #expect([1, 4, 7, 10].contains(days[window.test.lowerBound].month))
            #expect(days[window.test.lowerBound].month != days[window.test.lowerBound - 1].month)
        }
        let years = try WalkForward(kind: .fixed, train: 2, test: 1, unit: .years).windows(times: times)
        #expect(years.map { days[$0.test.lowerBound].year } == [2017, 2018])
        #expect(years.map(\.train) == [years[0].train, years[0].train] && years[0].train.lowerBound == 0)
        #expect(years[1].test.upperBound == times.count)
    }

    @Test("purge and embargo come off the train, side by side, in every plan of any calendar")
    func properties() throws {
        var random = SplitMix64(seed: 5)
        func pick(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(random.integer(below: UInt64(range.count))) }
        var seen = 0
        for _ in 0..<200 {
            let start = pick(0...20_000)
            let times = (start..<(start + 3_000)).filter { _ in pick(0...9) > 2 }.map { Int64($0) * Self.day }
            let plan = WalkForward(
                kind: WalkForward.Kind.allCases[pick(0...2)], train: pick(2...14), test: pick(1...6), step: pick(1...6),
                purge: pick(0...10), embargo: pick(0...5), unit: .months,
                anchor: pick(0...1) == 0 ? nil : WeekdayOfMonth("\(pick(1...4))\(WeekdayOfMonth.names[pick(0...6)])"))
            let windows = try plan.windows(times: times)
            for (index, window) in windows.enumerated() {
                seen += 1
                #expect(window.index == index && window.test.upperBound <= times.count)
                #expect(plan.kind == .fixed && index > 0 || window.gap == plan.purge + plan.embargo)
                // Every bar of the window trains, is tested or is dropped between the two.
                #expect(window.train.count + window.gap + window.test.count == window.test.upperBound - window.train.lowerBound)
            }
            for (one, next) in zip(windows, windows.dropFirst()) {
                #expect(one.test.lowerBound < next.test.lowerBound)
                #expect(plan.step != plan.test || one.test.upperBound == next.test.lowerBound)
            }
        }
        #expect(seen > 1_000)
    }

    @Test("what a calendar cannot give is refused")
    func refusals() throws {
        let times = Self.times(Self.days(try Self.date(2015, 1, 5), try Self.date(2015, 12, 31)))
        let cases: [(WalkForward, String)] = [
            (WalkForward(train: 12, test: 1, unit: .months), "E_WINDOW_LENGTH"),
            (WalkForward(train: .max, test: 1, unit: .months), "E_WINDOW_TRAIN"),
            (WalkForward(train: 1, test: 1, purge: 30, unit: .months), "E_WINDOW_ORDER"),
        ]
        for (plan, code) in cases {
            #expect(try #require(throws: MarketDataError.self) { try plan.windows(times: times) }.code == code)
        }
        let plan = WalkForward(train: 1, test: 1, unit: .months)
        #expect(try #require(throws: MarketDataError.self) { try plan.windows(times: []) }.code == "E_WINDOW_LENGTH")
        #expect(try #require(throws: MarketDataError.self) { try plan.windows(bars: 100) }.code == "E_WINDOW_CALENDAR")
        for text in ["", "FRI", "5FRI", "0MON", "3fri", "3FRID", "٣FRI"] { #expect(WeekdayOfMonth(text) == nil) }
    }
}

@Suite struct ListedWindowTests {
    private static func windows(_ ranges: [(Range<Int>, Range<Int>)]) throws -> [Window] {
        try ranges.enumerated().map { try Window(index: $0, train: $1.0, test: $1.1) }
    }

    @Test("windows given one by one are the plan's windows, also where tests overlap and the calendar is known")
    func listed() throws {
        let windows = try Self.windows([(0..<50, 55..<80), (10..<60, 70..<90), (0..<20, 120..<121)])
        let plan = WalkForward(listed: windows, purge: 3, embargo: 2)
        #expect(try plan.windows(bars: 121) == windows)
        #expect(try plan.windows(times: (0..<200).map { Int64($0) }) == windows)
        #expect(try plan.windowCount(bars: 121) == 3 && plan.span == 121)
    }

    @Test("windows out of order, too close, or beyond the data are refused at their place")
    func refusals() throws {
        let cases: [([(Range<Int>, Range<Int>)], String, String)] = [
            ([], "E_WINDOW_COUNT", "/walkForward/windows"),
            ([(0..<50, 54..<80)], "E_WINDOW_PURGE", "/walkForward/windows/0"),
            ([(0..<50, 55..<80), (0..<50, 55..<90)], "E_WINDOW_ORDER", "/walkForward/windows/1"),
            ([(0..<50, 60..<90), (0..<50, 65..<80)], "E_WINDOW_ORDER", "/walkForward/windows/1"),
            ([(0..<50, 60..<101)], "E_WINDOW_LENGTH", "/walkForward/windows"),
        ]
        for (ranges, code, key) in cases {
            let plan = WalkForward(listed: try Self.windows(ranges), purge: 3, embargo: 2)
            let error = try #require(throws: MarketDataError.self) { try plan.windows(bars: 100) }
            #expect(error.code == code && error.place?.description == key)
        }
    }
}
