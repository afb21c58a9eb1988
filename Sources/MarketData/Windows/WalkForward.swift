import Diagnostics

/// A plan that walks through a series: fit on some bars, evaluate on the next ones, move on.
///
/// With `purge` p and `embargo` e every window is laid out, in bars, as
///
///     | train | p | e | test |
///
/// so that `train.upperBound + p + e == test.lowerBound`: the purge drops the bars whose labels reach into the test, and the
/// embargo is a further distance on top of it, never overlapping it. A rolling train keeps its length in every window; an
/// expanding one starts at bar 0 and has `train` bars in the first window. Only windows with a full test are made; the bars
/// after the last one are unused.
package struct WalkForward: Sendable, Hashable, Codable {
    /// How the train range moves from one window to the next.
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// The train keeps its length and moves along with the test.
        case rolling
        /// The train starts at the first bar and grows.
        case expanding
    }

    package var kind: Kind
    /// Bars to fit on; of an expanding plan, those of the first window.
    package var train: Int
    /// Bars to evaluate on in each window.
    package var test: Int
    /// Bars from one test's start to the next one's; at least `test`, so that no bar is evaluated twice.
    package var step: Int
    /// Bars dropped between train and test because their labels overlap the test; at least the label's horizon.
    package var purge: Int
    /// Bars dropped between purge and test, against what serial correlation carries over.
    package var embargo: Int

    /// The most windows a plan may have.
    package static let maximumWindows = 100_000
    /// The most bars any of the lengths may have.
    package static let maximumBars = 1_000_000_000

    /// A plan whose tests follow one another without gaps unless `step` says otherwise. Nothing is checked here; see `validate`.
    package init(kind: Kind = .rolling, train: Int, test: Int, step: Int? = nil, purge: Int = 0, embargo: Int = 0) {
        self.kind = kind
        self.train = train
        self.test = test
        self.step = step ?? test
        self.purge = purge
        self.embargo = embargo
    }

    /// Bars that the first window spans, from its first train bar to its last test bar. Call it on a validated plan.
    package var span: Int { train + purge + embargo + test }

    /// Checks everything that can be checked without the data.
    ///
    /// Throws `E_WINDOW_TRAIN`, `E_WINDOW_TEST`, `E_WINDOW_STEP`, `E_WINDOW_PURGE` or `E_WINDOW_EMBARGO`, each naming its key.
    package func validate() throws(MarketDataError) {
        try Self.check(train, "train", .windowTrain, atLeast: 1)
        try Self.check(test, "test", .windowTest, atLeast: 1)
        try Self.check(step, "step", .windowStep, atLeast: 1)
        try Self.check(purge, "purge", .windowPurge, atLeast: 0)
        try Self.check(embargo, "embargo", .windowEmbargo, atLeast: 0)
        guard step >= test else {
            throw MarketDataError(
                .windowStep, "step \(step) is less than test \(test), so bars would be evaluated twice",
                place: .key("/walkForward/step"),
                hint: "set step to \(test) or more")
        }
    }

    /// The windows of a series of `bars` bars, in order of time; at least one.
    ///
    /// Throws what `validate` throws, `E_WINDOW_LENGTH` when not even one window fits, and `E_WINDOW_COUNT` when there would be
    /// more than `maximumWindows`.
    package func windows(bars: Int) throws(MarketDataError) -> [Window] {
        let count = try windowCount(bars: bars)
        var windows: [Window] = []
        windows.reserveCapacity(count)
        for index in 0..<count {
            let testStart = train + purge + embargo + index * step
            let trainEnd = testStart - embargo - purge
            let trainStart = kind == .rolling ? trainEnd - train : 0
            windows.append(try Window(index: index, train: trainStart..<trainEnd, test: testStart..<(testStart + test)))
        }
        return windows
    }

    /// How many windows `windows(bars:)` makes, without making them. Throws the same errors.
    package func windowCount(bars: Int) throws(MarketDataError) -> Int {
        try validate()
        guard bars >= span else {
            throw MarketDataError(
                .windowLength,
                "the first window needs \(span) bars (train \(train) + purge \(purge) + embargo \(embargo) + test \(test)), "
                    + "but there are \(max(0, bars))", place: .key("/walkForward"),
                hint: "shorten train or test, or use a longer series")
        }
        let count = (bars - span) / step + 1
        guard count <= Self.maximumWindows else {
            throw MarketDataError(
                .windowCount, "\(count) windows are more than the \(Self.maximumWindows) a plan may have",
                place: .key("/walkForward"),
                hint: "use a larger test and step")
        }
        return count
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
