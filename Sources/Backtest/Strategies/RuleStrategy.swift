import Diagnostics
package import MarketData

/// A strategy without a model: a fixed rule that decides each bar's target from the bars up to it.
package enum RuleStrategy: Sendable, Hashable, Codable {
    /// Long from the first bar on.
    case buyAndHold
    /// Long while the average close of `fast` bars is above that of `slow` bars; otherwise flat, or short.
    case movingAverageCross(fast: Int, slow: Int, short: Bool)
    /// Long after the relative strength index fell below `lower`, until it is above `exit`; short, if allowed, after it rose
    /// above `upper`, until it is below `exit`.
    case rsiReversion(period: Int, lower: Double, upper: Double, exit: Double, short: Bool)
    /// Long after a close above the highest high of the `entry` bars before, until a close below the lowest low of the
    /// `exit` bars before; short, if allowed, the other way round (Donchian channels).
    case breakout(entry: Int, exit: Int, short: Bool)
    /// What a text says.
    case text(TextRule)

    /// The names of all rules that come with numbers, as specs write them.
    package static let kinds = ["buyAndHold", "movingAverageCross", "rsiReversion", "breakout"]

    /// The parameters of the rule called `kind`. Throws `E_STRATEGY_KIND` when there is none.
    package static func schema(_ kind: String) throws(BacktestError) -> [StrategyParameter] {
        let short = StrategyParameter.whole("short", 0...1, default: 0, "1 to go short where the rule says so, 0 to stay flat")
        switch kind {
        case "buyAndHold": return []
        case "movingAverageCross":
            return [
                .whole("fast", 1...5000, "bars of the fast average, fewer than slow"),
                .whole("slow", 2...10_000, "bars of the slow average"), short,
            ]
        case "rsiReversion":
            return [
                .whole("period", 2...1000, default: 14, "bars over which the relative strength index is smoothed"),
                .real("lower", 0...100, default: 30, "the index below which to go long"),
                .real("upper", 0...100, default: 70, "the index above which to go short"),
                .real("exit", 0...100, default: 50, "the index at which to leave, from lower to upper"), short,
            ]
        case "breakout":
            return [
                .whole("entry", 1...5000, default: 20, "bars of the channel whose break is followed"),
                .whole("exit", 1...5000, default: 10, "bars of the opposite channel whose break ends it"), short,
            ]
        default: throw StrategyParameter.unknownKind(kind, of: kinds, what: "strategy")
        }
    }

    /// The rule called `kind` with the parameters by name.
    ///
    /// Throws `E_STRATEGY_KIND`, or `E_STRATEGY_PARAMETER` for an unknown, missing or impossible parameter, a fast average
    /// that is not faster than the slow one, and levels that are not in order.
    package init(kind: String, parameters: [String: Double]) throws(BacktestError) {
        let values = try StrategyParameter.resolve(parameters, by: Self.schema(kind), of: kind)
        switch kind {
        case "movingAverageCross":
            guard values[0] < values[1] else {
                throw BacktestError(
                    .parameter, "fast is \(Int(values[0])) bars, but it is fewer than slow, which is \(Int(values[1]))",
                    place: .key("/fast"))
            }
            self = .movingAverageCross(fast: Int(values[0]), slow: Int(values[1]), short: values[2] == 1)
        case "rsiReversion":
            guard values[1] <= values[3], values[3] <= values[2], values[1] < values[2] else {
                throw BacktestError(
                    .parameter,
                    "the levels are lower \(values[1]), exit \(values[3]) and upper \(values[2]), but they rise in this order",
                    place: .key("/exit"))
            }
            self = .rsiReversion(
                period: Int(values[0]), lower: values[1], upper: values[2], exit: values[3], short: values[4] == 1)
        case "breakout":
            self = .breakout(entry: Int(values[0]), exit: Int(values[1]), short: values[2] == 1)
        default:
            self = .buyAndHold
        }
    }

    /// How many bars must have passed before the rule can leave flat: the first `lookback` targets are 0.
    package var lookback: Int {
        switch self {
        case .buyAndHold: 0
        case .movingAverageCross(let fast, let slow, _): max(fast, slow) - 1
        case .rsiReversion(let period, _, _, _, _): period
        case .breakout(let entry, _, _): entry
        case .text(let rule): rule.lookback
        }
    }

    /// One target per bar, each -1, 0 or 1 unless a text gives sizes, from the adjusted prices up to that bar, in one pass.
    ///
    /// Throws `E_BAR_PRICE` when a price is not a positive number.
    package func targets(bars: Bars) throws(BacktestError) -> [Double] {
        let bars = bars.adjusted()
        try Engine.checkPrices(of: bars)
        switch self {
        case .buyAndHold: return [Double](repeating: 1, count: bars.count)
        case .movingAverageCross(let fast, let slow, let short):
            return Self.movingAverageTargets(bars.close, fast: fast, slow: slow, short: short)
        case .rsiReversion(let period, let lower, let upper, let exit, let short):
            return Self.rsiTargets(bars.close, period: period, lower: lower, upper: upper, exit: exit, short: short)
        case .breakout(let entry, let exit, let short):
            return Self.breakoutTargets(bars, entry: entry, exit: exit, short: short)
        case .text(let rule): return rule.targets(adjusted: bars)
        }
    }
}
