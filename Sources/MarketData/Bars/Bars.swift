import Diagnostics

/// One symbol's series of bars in columns, in order of time.
///
/// Prices and volume are in whatever unit the source used; time is the bar's stamp in milliseconds since 1970 UTC.
package struct Bars: Sendable, Hashable {
    package let symbol: String
    /// Milliseconds since 1970 UTC.
    package let time: [Int64]
    package let open: [Double]
    package let high: [Double]
    package let low: [Double]
    package let close: [Double]
    /// The close after splits and dividends; equal to `close` where the source has no adjusted close.
    package let adjustedClose: [Double]
    /// Zero where the source has no volume.
    package let volume: [Double]

    /// Takes the columns as they are. Throws `E_BARS_SHAPE` when their lengths differ; the values are not judged here
    /// but by `Dataset`.
    package init(
        symbol: String, time: [Int64], open: [Double], high: [Double], low: [Double], close: [Double],
        adjustedClose: [Double], volume: [Double]
    ) throws(MarketDataError) {
        let columns = [
            ("open", open.count), ("high", high.count), ("low", low.count), ("close", close.count),
            ("adjustedClose", adjustedClose.count), ("volume", volume.count),
        ]
        for (name, count) in columns where count != time.count {
            throw MarketDataError(
                .barsShape, "series \(symbol) has \(time.count) times but \(count) values of \(name)", place: .key("/\(name)"))
        }
        self.init(
            unchecked: symbol, time: time, open: open, high: high, low: low, close: close, adjustedClose: adjustedClose,
            volume: volume)
    }

    /// Takes columns that are known to be of one length.
    init(
        unchecked symbol: String, time: [Int64], open: [Double], high: [Double], low: [Double], close: [Double],
        adjustedClose: [Double], volume: [Double]
    ) {
        self.symbol = symbol
        self.time = time
        self.open = open
        self.high = high
        self.low = low
        self.close = close
        self.adjustedClose = adjustedClose
        self.volume = volume
    }

    /// The number of bars.
    package var count: Int { time.count }

    /// The bars of `range`, counted from 0. The range lies within `0..<count`; use `ClippedBars` for ranges from outside.
    package func slice(_ range: Range<Int>) -> Bars {
        if range == time.indices { return self }
        return Bars(
            unchecked: symbol, time: Array(time[range]), open: Array(open[range]), high: Array(high[range]),
            low: Array(low[range]), close: Array(close[range]), adjustedClose: Array(adjustedClose[range]),
            volume: Array(volume[range]))
    }

    /// The bars of `range`; the same as `slice`.
    package subscript(range: Range<Int>) -> Bars { slice(range) }

    /// The series as an investor lived it: open, high, low and close scaled by adjustedClose / close of their bar.
    ///
    /// Volume stays as traded. A bar whose adjusted close equals its close keeps its exact values.
    package func adjusted() -> Bars {
        if adjustedClose == close { return self }
        var open = open
        var high = high
        var low = low
        for i in time.indices where adjustedClose[i] != close[i] {
            let factor = adjustedClose[i] / close[i]
            open[i] *= factor
            high[i] *= factor
            low[i] *= factor
            // Rounding may push a bound past the exact adjusted close by one unit in the last place.
            high[i] = max(high[i], open[i], adjustedClose[i])
            low[i] = min(low[i], open[i], adjustedClose[i])
        }
        return Bars(
            unchecked: symbol, time: time, open: open, high: high, low: low, close: adjustedClose,
            adjustedClose: adjustedClose, volume: volume)
    }
}
