import Diagnostics
import MarketData

/// A column of numbers that a rule can name: one for each bar, NaN where it is not known yet.
enum RuleSeries: Sendable, Hashable {
    case open, high, low, close, volume
    /// `sma_N`, `highest_N`, `lowest_N`: mean, highest high and lowest low of the last N bars, this one included.
    case average(Int)
    case highest(Int)
    case lowest(Int)
    case feature(FeatureName)

    /// The series called `name`; nil when there is none.
    init?(_ name: String) {
        switch name {
        case "open": self = .open
        case "high": self = .high
        case "low": self = .low
        case "close": self = .close
        case "volume": self = .volume
        default:
            if let period = Self.period(of: name, stem: "sma_") {
                self = .average(period)
            } else if let period = Self.period(of: name, stem: "highest_") {
                self = .highest(period)
            } else if let period = Self.period(of: name, stem: "lowest_") {
                self = .lowest(period)
            } else if let feature = try? FeatureName(parsing: name) {
                self = .feature(feature)
            } else {
                return nil
            }
        }
    }

    /// The error for a name that is none: what was meant, as far as it can be told.
    static func unknown(_ token: RuleToken, _ name: String) -> BacktestError {
        var hint: String?
        do throws(MarketDataError) { _ = try FeatureName(parsing: name) } catch { hint = error.hint ?? error.message }
        if let near = Suggestion.nearest(to: name, in: columns) { hint = "did you mean \(near)?" }
        return BacktestError(.ruleName, "there is nothing called \(token.shown)", place: token.place, hint: hint)
    }

    private static let columns = ["open", "high", "low", "close", "volume"]

    private static func period(of name: String, stem: String) -> Int? {
        guard name.hasPrefix(stem), let period = Int(name.dropFirst(stem.count)) else { return nil }
        return (1...FeatureFamily.maximumPeriod).contains(period) && name == "\(stem)\(period)" ? period : nil
    }

    /// Bars before the first one with a value.
    var lookback: Int {
        switch self {
        case .open, .high, .low, .close, .volume: 0
        case .average(let period), .highest(let period), .lowest(let period): period - 1
        case .feature(let name): name.lookback
        }
    }

    /// The column over adjusted bars.
    func values(_ bars: Bars) -> [Double] {
        switch self {
        case .open: bars.open
        case .high: bars.high
        case .low: bars.low
        case .close: bars.close
        case .volume: bars.volume
        case .average(let period): Self.late(RuleStrategy.movingAverage(bars.close, period: period), from: period - 1)
        case .highest(let period): Self.extremes(bars.high, period, sign: 1)
        case .lowest(let period): Self.extremes(bars.low, period, sign: -1)
        case .feature(let name): FeatureMatrix.compute([name], of: bars).values
        }
    }

    private static func late(_ values: [Double], from first: Int) -> [Double] {
        values.enumerated().map { $0 < first ? .nan : $1 }
    }

    private static func extremes(_ values: [Double], _ period: Int, sign: Double) -> [Double] {
        var extreme = SlidingExtreme(window: period)
        return late(
            values.map { value in
                extreme.add(sign * value)
                return sign * (extreme.value ?? .nan)
            }, from: period - 1)
    }
}
