import Diagnostics

/// What every bar and every series must satisfy; the one place where that is written down.
///
/// The bounds are strict: low <= open, close <= high, exactly as written. Data feeds that round their columns apart are
/// refused rather than repaired.
enum BarRules {
    /// 0001-01-01 and 9999-12-31T23:59:59.999, the times that can be written as ISO dates.
    static let times: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

    /// Whether the six values make a possible bar. One expression without branches for the hot path; NaN fails it.
    @inline(__always)
    static func isPossible(
        open: Double, high: Double, low: Double, close: Double, adjustedClose: Double, volume: Double
    ) -> Bool {
        low > 0 && low <= open && low <= close && open <= high && close <= high && high < .infinity
            && adjustedClose > 0 && adjustedClose < .infinity && volume >= 0 && volume < .infinity
    }

    /// Says which rule the values break and in which column; nil when they break none.
    static func violation(
        open: Double, high: Double, low: Double, close: Double, adjustedClose: Double, volume: Double
    ) -> (code: MarketDataError.Code, column: String, message: String)? {
        let columns = [
            ("open", open), ("high", high), ("low", low), ("close", close), ("adjusted close", adjustedClose),
            ("volume", volume),
        ]
        for (name, value) in columns where !value.isFinite { return (.number, name, "\(name) is \(value)") }
        for (name, value) in columns.dropLast() where value <= 0 {
            return (.ohlcInvariant, name, "\(name) is \(value), but a price is above zero")
        }
        if volume < 0 { return (.ohlcInvariant, "volume", "volume is \(volume), but it cannot be negative") }
        if high < low { return (.ohlcInvariant, "high", "high \(high) is below low \(low)") }
        for (name, value) in [("open", open), ("close", close)] where value < low || value > high {
            return (.ohlcInvariant, name, "\(name) \(value) is outside low \(low) to high \(high)")
        }
        return nil
    }

    /// Checks one series: at least one bar, times in order and in range, every bar possible.
    static func check(_ bars: Bars) throws(MarketDataError) {
        guard !bars.time.isEmpty else {
            throw MarketDataError(.csvEmpty, "series \(bars.symbol) has no bars", place: .key("/\(bars.symbol)"))
        }
        for i in bars.time.indices {
            let time = bars.time[i]
            let place = { (column: String) in Place.row(file: bars.symbol, row: i + 1, column: column) }
            guard times.contains(time) else {
                throw MarketDataError(
                    .timeFormat, "\(time) milliseconds is outside the years 1 to 9999", place: place("time"))
            }
            if i > 0, time <= bars.time[i - 1] {
                let same = time == bars.time[i - 1]
                throw MarketDataError(
                    same ? .duplicateTime : .unsorted,
                    "\(ISOTime.string(time)) comes \(same ? "twice" : "after \(ISOTime.string(bars.time[i - 1]))")",
                    place: place("time"))
            }
            if isPossible(
                open: bars.open[i], high: bars.high[i], low: bars.low[i], close: bars.close[i],
                adjustedClose: bars.adjustedClose[i], volume: bars.volume[i])
            {
                continue
            }
            if let wrong = violation(
                open: bars.open[i], high: bars.high[i], low: bars.low[i], close: bars.close[i],
                adjustedClose: bars.adjustedClose[i], volume: bars.volume[i])
            {
                throw MarketDataError(wrong.code, wrong.message, place: place(wrong.column))
            }
        }
    }
}
