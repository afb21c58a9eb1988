import MarketData
import Statistics

/// A run's results, as text for a terminal and as a page for a browser: metrics, the course of equity, drawdowns, returns by
/// month, and windows; the page has distributions, trials and trades besides.
package struct TearSheet: Sendable {
    /// One walk-forward window's out-of-sample result.
    package struct Window: Sendable, Hashable {
        /// The first bar of the test range, milliseconds since 1970.
        package var first: Int64
        /// The last bar of the test range, milliseconds since 1970.
        package var last: Int64
        package var totalReturn: Double
        package var sharpe: Double
        package var maxDrawdown: Double
        package var trades: Int
        /// The Sharpe ratio on the train range, when there was one.
        package var trainSharpe: Double?

        package init(
            first: Int64, last: Int64, totalReturn: Double, sharpe: Double, maxDrawdown: Double, trades: Int,
            trainSharpe: Double? = nil
        ) {
            self.first = first
            self.last = last
            self.totalReturn = totalReturn
            self.sharpe = sharpe
            self.maxDrawdown = maxDrawdown
            self.trades = trades
            self.trainSharpe = trainSharpe
        }
    }

    /// Whether lines carry terminal colours.
    package enum Style: Sendable, Hashable {
        case plain, ansi
    }

    package var title: String
    package var performance: Performance
    /// The time of each return, milliseconds since 1970.
    package var times: [Int64]
    package var returns: [Double]
    package var trades: [Trade]
    /// The bar at which trading ended for good.
    package var halted: Int?
    package var deflatedSharpe: Double?
    /// The number of trials that the deflated Sharpe ratio accounts for.
    package var trials: Int?
    /// How many of them were tried on the same data before the study.
    package var earlierTrials: Int?
    package var windows: [Window]
    /// The annual Sharpe ratios of the study's trials, of this one too; NaN for a trial without one.
    package var trialSharpes: [Double] = []
    /// Returns of holding the market, one for each of the sheet's; empty when they are not known.
    package var benchmark: [Double] = []
    package var factors: FactorRegression?
    /// What the trials come to when those that move together count once; nil when their returns are not known.
    package var effective: DeflatedSharpe?
    /// The study that the record was picked from.
    package var study: StudySheet?
    /// Where the numbers come from: names, hashes, parameters.
    package var facts: [(name: String, value: String)] = []

    package init(
        title: String, performance: Performance, times: [Int64], returns: [Double], trades: [Trade] = [], halted: Int? = nil,
        deflatedSharpe: Double? = nil, trials: Int? = nil, earlierTrials: Int? = nil, windows: [Window] = []
    ) {
        self.title = title
        self.performance = performance
        self.times = times
        self.returns = returns
        self.trades = trades
        self.halted = halted
        self.deflatedSharpe = deflatedSharpe
        self.trials = trials
        self.earlierTrials = earlierTrials
        self.windows = windows
    }

    /// The sheet in lines of at most `width` columns (40 to 200), without line breaks.
    package func lines(width: Int = 80, style: Style = .plain) -> [String] {
        let width = min(max(width, 40), 200)
        let ink = Ink(style: style)
        var lines = heading(width, ink)
        for section in [
            metricLines(width, ink), noteLines(width, ink), equityLines(width, ink), calendarLines(width, ink),
            attributionLines(width, ink), windowLines(width, ink),
        ] where !section.isEmpty {
            lines.append("")
            lines += section
        }
        return lines
    }

    /// The annual Sharpe ratio that the best of as many trials is expected to reach by luck: what the deflated Sharpe ratio is
    /// measured against. Nil when the spread of the trials is not known.
    var luckySharpe: Double? {
        let known = trialSharpes.filter(\.isFinite)
        guard known.count > 1 else { return nil }
        let value = SharpeInference.expectedMaximum(
            variance: Moments(known).variance(), trials: max(trials ?? 0, trialSharpes.count))
        return value.isFinite ? value : nil
    }

    private func heading(_ width: Int, _ ink: Ink) -> [String] {
        var facts = ["\(performance.periods) bars"]
        if let first = times.first, let last = times.last { facts.append("\(Self.date(first)) to \(Self.date(last))") }
        facts.append(performance.profile.rawValue)
        return [
            ink.strong(Format.cut(Format.printable(title), to: width)),
            ink.faint(Format.cut(facts.joined(separator: " · "), to: width)),
            ink.faint(String(repeating: "─", count: width)),
        ]
    }

    static func date(_ time: Int64) -> String { String(ISOTime.string(time).prefix(10)) }

    /// The date of return `index`, or of the first one when the index is before it.
    func date(at index: Int) -> String {
        times.isEmpty ? "bar \(index)" : Self.date(times[min(max(index, 0), times.count - 1)])
    }
}
