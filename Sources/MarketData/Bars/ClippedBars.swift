import Diagnostics

/// A handle on one series through which only a given range of bars can be read.
///
/// A window's task gets the train range to fit and the test range to evaluate. Bars keep the indices they have in the
/// whole series, so that a plan's ranges can be used as they are.
package struct ClippedBars: Sendable {
    private let bars: Bars
    /// The bars that may be read, as indices of the whole series.
    package let readable: Range<Int>

    /// Opens `readable` of `bars`. Throws `E_LOOK_AHEAD` when that range is not within the series.
    package init(_ bars: Bars, readable: Range<Int>) throws(MarketDataError) {
        guard readable.lowerBound >= 0, readable.upperBound <= bars.count else {
            throw Self.refusal(of: readable, symbol: bars.symbol, readable: 0..<bars.count)
        }
        self.bars = bars
        self.readable = readable
    }

    package var symbol: String { bars.symbol }

    /// The bars of `range`, given as indices of the whole series. Throws `E_LOOK_AHEAD` when any lies outside `readable`.
    package func read(_ range: Range<Int>) throws(MarketDataError) -> Bars {
        guard range.lowerBound >= readable.lowerBound, range.upperBound <= readable.upperBound else {
            throw Self.refusal(of: range, symbol: symbol, readable: readable)
        }
        return bars.slice(range)
    }

    /// The same series clipped further. Throws `E_LOOK_AHEAD` when `range` is not within `readable`.
    package func clipped(to range: Range<Int>) throws(MarketDataError) -> ClippedBars {
        guard range.lowerBound >= readable.lowerBound, range.upperBound <= readable.upperBound else {
            throw Self.refusal(of: range, symbol: symbol, readable: readable)
        }
        return try ClippedBars(bars, readable: range)
    }

    private static func refusal(of range: Range<Int>, symbol: String, readable: Range<Int>) -> MarketDataError {
        MarketDataError(
            .lookAhead,
            "bars \(range) of \(symbol) were asked for, but only \(readable) may be read",
            place: .key("/\(symbol)"), hint: "a task reads the train and test range of its own window and nothing else")
    }
}
