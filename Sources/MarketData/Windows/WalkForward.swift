import Diagnostics

/// A plan that walks through a series: fit on some bars, evaluate on the next ones, move on.
///
/// With `purge` p and `embargo` e every window is laid out, in bars, as
///
///     | train | p | e | test |
///
/// so that `train.upperBound + p + e == test.lowerBound`: the purge drops the bars whose labels reach into the test, and the
/// embargo is a further distance on top of it, never overlapping it. A rolling train keeps its length in every window; an
/// expanding one starts at bar 0 and has `train` bars in the first window; a fixed one is that of the first window throughout.
/// Only windows with a full test are made; the bars after the last one are unused. With a step shorter than the test, tests
/// overlap, and of two windows that test a bar the later one decides on it.
///
/// With a `unit` of the calendar, train, test and step count its periods instead of bars: see `windows(times:)`.
package struct WalkForward: Sendable, Hashable, Codable {
    /// How the train range moves from one window to the next.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The train keeps its length and moves along with the test.
        case rolling
        /// The train starts at the first bar and grows.
        case expanding
        /// The train of the first window serves them all.
        case fixed
        /// The windows are given one by one.
        case listed
    }

    /// What train, test and step count; purge and embargo always count bars.
    package enum Unit: String, Sendable, Hashable, Codable, CaseIterable {
        case bars, months, quarters, years

        /// Calendar months in one; nil for bars.
        package var months: Int? {
            switch self {
            case .bars: nil
            case .months: 1
            case .quarters: 3
            case .years: 12
            }
        }
    }

    package var kind: Kind
    /// Bars to fit on; of an expanding plan, those of the first window.
    package var train: Int
    /// Bars to evaluate on in each window.
    package var test: Int
    /// Bars from one test's start to the next one's.
    package var step: Int
    /// Bars dropped between train and test because their labels overlap the test; at least the label's horizon.
    package var purge: Int
    /// Bars dropped between purge and test, against what serial correlation carries over.
    package var embargo: Int
    package var unit: Unit
    /// The day of the month on which periods of the calendar begin; the first when nil.
    package var anchor: WeekdayOfMonth?
    /// The windows of a listed plan, which has no lengths of its own.
    package private(set) var listed: [Window] = []

    /// The most windows a plan may have.
    package static let maximumWindows = 100_000
    /// The most bars any of the lengths may have.
    package static let maximumBars = 1_000_000_000

    /// A plan whose tests follow one another without gaps unless `step` says otherwise. Nothing is checked here; see `validate`.
    package init(
        kind: Kind = .rolling, train: Int, test: Int, step: Int? = nil, purge: Int = 0, embargo: Int = 0, unit: Unit = .bars,
        anchor: WeekdayOfMonth? = nil
    ) {
        self.kind = kind
        self.train = train
        self.test = test
        self.step = step ?? test
        self.purge = purge
        self.embargo = embargo
        self.unit = unit
        self.anchor = anchor
    }

    /// A plan of the windows as they are. Nothing is checked here; see `validate`.
    package init(listed: [Window], purge: Int = 0, embargo: Int = 0) {
        self.init(kind: .listed, train: 1, test: 1, purge: purge, embargo: embargo)
        self.listed = listed
    }

    /// Bars that the first window spans, from its first train bar to its last test bar; of a listed plan those up to its last
    /// test. Call it on a validated plan.
    package var span: Int { kind == .listed ? listed.last?.test.upperBound ?? 0 : train + purge + embargo + test }

    /// Checks everything that can be checked without the data.
    ///
    /// Throws `E_WINDOW_TRAIN`, `E_WINDOW_TEST`, `E_WINDOW_STEP`, `E_WINDOW_PURGE` or `E_WINDOW_EMBARGO`, each naming its key.
    package func validate() throws(MarketDataError) {
        try Self.check(train, "train", .windowTrain, atLeast: 1)
        try Self.check(test, "test", .windowTest, atLeast: 1)
        try Self.check(step, "step", .windowStep, atLeast: 1)
        try Self.check(purge, "purge", .windowPurge, atLeast: 0)
        try Self.check(embargo, "embargo", .windowEmbargo, atLeast: 0)
        if kind == .listed { try checkListed() }
    }

    /// The windows of a series of `bars` bars, in order of time; at least one.
    ///
    /// Throws what `validate` throws, `E_WINDOW_LENGTH` when not even one window fits, `E_WINDOW_COUNT` when there would be
    /// more than `maximumWindows`, and `E_WINDOW_CALENDAR` for a plan in periods of the calendar, which needs the bars' times.
    package func windows(bars: Int) throws(MarketDataError) -> [Window] {
        let count = try windowCount(bars: bars)
        if kind == .listed { return listed }
        var windows: [Window] = []
        windows.reserveCapacity(count)
        for index in 0..<count {
            let testStart = train + purge + embargo + index * step
            let trainEnd = kind == .fixed ? train : testStart - embargo - purge
            let trainStart = kind == .rolling ? trainEnd - train : 0
            windows.append(try Window(index: index, train: trainStart..<trainEnd, test: testStart..<(testStart + test)))
        }
        return windows
    }

    /// How many windows `windows(bars:)` makes, without making them. Throws the same errors.
    package func windowCount(bars: Int) throws(MarketDataError) -> Int {
        try validate()
        guard unit == .bars else {
            throw MarketDataError(
                .windowCalendar, "windows of \(unit.rawValue) need the times of the bars, not only their number",
                place: .key("/walkForward/unit"))
        }
        if kind == .listed {
            guard bars >= span else {
                throw MarketDataError(
                    .windowLength, "the last test ends at bar \(span), but there are \(max(0, bars))",
                    place: .key("/walkForward/windows"), hint: "end the windows earlier, or use a longer series")
            }
            return listed.count
        }
        guard bars >= span else {
            throw MarketDataError(
                .windowLength,
                "the first window needs \(span) bars (train \(train) + purge \(purge) + embargo \(embargo) + test \(test)), "
                    + "but there are \(max(0, bars))", place: .key("/walkForward"),
                hint: "shorten train or test, or use a longer series")
        }
        let count = (bars - span) / step + 1
        try Self.check(count: count)
        return count
    }

    /// Throws `E_WINDOW_COUNT`.
    static func check(count: Int) throws(MarketDataError) {
        guard count <= maximumWindows else {
            throw MarketDataError(
                .windowCount, "\(count) windows are more than the \(maximumWindows) a plan may have", place: .key("/walkForward"),
                hint: "use a larger test and step")
        }
    }

    private static func check(
        _ value: Int, _ key: String, _ code: MarketDataError.Code, atLeast lowest: Int
    ) throws(MarketDataError) {
        guard (lowest...maximumBars).contains(value) else {
            throw MarketDataError(
                code, "\(key) is \(value), but must be from \(lowest) to \(maximumBars) bars", place: .key("/walkForward/\(key)"),
                hint: lowest == 0 ? "0 switches it off" : nil)
        }
    }
}
