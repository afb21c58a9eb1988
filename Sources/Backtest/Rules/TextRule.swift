import Diagnostics
import MarketData

/// A strategy written as text, over the bars and features of one series.
///
///     long when rsi_14 < 30 and close > sma_200
///     exit when rsi_14 > 55 or close < close[1] * 0.95
///
/// Each line (or part between semicolons) is `long`, `short` or `exit`, a size for the first two (1 unless given: `long 0.5
/// when`), `when` and a condition. Conditions compare numbers (`<`, `<=`, `>`, `>=`, `==`, `!=`, `crosses above`, `crosses
/// below`) and join by `and`, `or` and `not`; numbers are constants, columns and what `+ - * /` make of them, and `[n]` is a
/// column's value n bars ago. Columns are `open`, `high`, `low`, `close`, `volume`, `sma_N`, `highest_N`, `lowest_N` and every
/// feature. `#` begins a comment.
///
/// Without an `exit` a position is held while its condition holds. With one it is held from its condition until that of the exit,
/// or until the other side's. Where its condition holds nothing is entered, and where
/// long and short hold at once there is no position. A condition on a number that is not known
/// does not hold, and before all columns have values there is no position.
package struct TextRule: Sendable, Hashable, CustomStringConvertible {
    /// The text as it was given.
    package let description: String
    let long: RuleEntry?
    let short: RuleEntry?
    let exit: RuleCondition?

    /// Reads a rule. Throws `E_RULE_SYNTAX`, `E_RULE_NAME` or `E_RULE_TYPE`, each with the place in the text.
    package init(parsing text: String) throws(BacktestError) {
        var parser = RuleParser(try RuleToken.tokens(of: text))
        (long, short, exit) = try parser.rule()
        description = text
    }

    /// Bars before the first one that can have a position.
    package var lookback: Int {
        max(long?.condition.lookback ?? 0, short?.condition.lookback ?? 0, exit?.lookback ?? 0)
    }

    /// One target per bar, from adjusted bars.
    func targets(adjusted bars: Bars) -> [Double] {
        var columns = RuleColumns(bars)
        let none = [Bool](repeating: false, count: bars.count)
        let longs = long?.condition.values(&columns) ?? none
        let shorts = short?.condition.values(&columns) ?? none
        let exits = exit?.values(&columns)
        var targets = [Double](repeating: 0, count: bars.count)
        var target = 0.0
        for i in stride(from: lookback, to: bars.count, by: 1) {
            let leaves = exits?[i]
            if leaves ?? true { target = 0 }
            if leaves != true {
                if longs[i] != shorts[i] {
                    target = longs[i] ? long?.size ?? 0 : -(short?.size ?? 0)
                } else if longs[i] {
                    target = 0
                }
            }
            targets[i] = target
        }
        return targets
    }
}

/// When to take a position, and how large a fraction of equity.
struct RuleEntry: Sendable, Hashable {
    let size: Double
    let condition: RuleCondition
}

extension TextRule: Codable {
    package init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
