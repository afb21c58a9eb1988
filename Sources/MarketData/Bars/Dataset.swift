import Crypto
import Diagnostics

/// A content-hashed set of series, sorted by symbol, whose every bar has been checked.
///
/// ## Canonical content
/// `sha256` is the SHA-256, as 64 lower-case hexadecimal digits, of these bytes, all integers little-endian:
///
///     "bellwether-dataset/1\n"              21 ASCII bytes
///     number of series                      UInt32
///     for each series, in ascending order of the symbols' bytes:
///         length of the symbol in bytes     UInt32
///         symbol                            ASCII
///         number of bars                    UInt64
///         time                              Int64 each, milliseconds since 1970 UTC
///         open, high, low, close,
///         adjustedClose, volume             one whole column after the other, IEEE 754 binary64 each, never NaN,
///                                           infinite or negative zero
///
/// It depends on nothing else: not on the file the rows came from, its name, its column order or how numbers were written.
package struct Dataset: Sendable, Hashable {
    /// At least one series, each with at least one bar, sorted by symbol.
    package let series: [Bars]
    /// SHA-256 of the canonical content, 64 lower-case hexadecimal digits.
    package let sha256: String

    /// Checks, sorts and hashes `series`.
    ///
    /// Throws `E_CSV_EMPTY` (nothing in it), `E_NAME` (a symbol that is not allowed), `E_SCHEMA` (a symbol twice),
    /// `E_UNSORTED`, `E_DUPLICATE_TIME`, `E_TIME_FORMAT` (outside the years 1 to 9999), `E_NUMBER` (not finite) or
    /// `E_OHLC_INVARIANT`; the place is a row counted from 1 at the first bar.
    package init(series: [Bars]) throws(MarketDataError) {
        guard !series.isEmpty else { throw MarketDataError(.csvEmpty, "a dataset needs at least one series") }
        let sorted = series.sorted { $0.symbol.utf8.lexicographicallyPrecedes($1.symbol.utf8) }
        for (previous, next) in zip(sorted, sorted.dropFirst()) where previous.symbol == next.symbol {
            throw MarketDataError(.schema, "symbol \(next.symbol) has two series", place: .key("/\(next.symbol)"))
        }
        for bars in sorted {
            try Symbol.check(bars.symbol)
            try BarRules.check(bars)
        }
        self.init(checked: sorted.map(Self.withoutNegativeZero))
    }

    /// Hashes series that are known to be sorted and in order.
    init(checked series: [Bars]) {
        self.series = series
        rows = Self.calendar(of: series.map(\.time)).count
        self.sha256 = Self.hash(series)
    }

    /// The number of bars of the calendar: the different times of all series.
    package let rows: Int
    /// The number of bars of all series together.
    package var totalRows: Int { series.reduce(0) { $0 + $1.count } }
    /// The earliest bar of any series, milliseconds since 1970 UTC.
    package var firstTime: Int64 { series.compactMap(\.time.first).min() ?? 0 }
    /// The latest bar of any series, milliseconds since 1970 UTC.
    package var lastTime: Int64 { series.compactMap(\.time.last).max() ?? 0 }

    /// The series of `symbol`, or nil.
    package func bars(of symbol: String) -> Bars? { series.first { $0.symbol == symbol } }

    package static func == (a: Dataset, b: Dataset) -> Bool { a.sha256 == b.sha256 }
    package func hash(into hasher: inout Hasher) { hasher.combine(sha256) }

    private static func withoutNegativeZero(_ bars: Bars) -> Bars {
        // Prices are positive, so only a volume can be a negative zero; adding zero makes it positive.
        guard bars.volume.contains(where: { $0 == 0 && $0.sign == .minus }) else { return bars }
        return Bars(
            unchecked: bars.symbol, time: bars.time, open: bars.open, high: bars.high, low: bars.low, close: bars.close,
            adjustedClose: bars.adjustedClose, volume: bars.volume.map { $0 + 0 })
    }

    private static func hash(_ series: [Bars]) -> String {
        var hasher = SHA256()
        hasher.update(data: Array("bellwether-dataset/1\n".utf8))
        hasher.update(integer: UInt32(series.count))
        for bars in series {
            let symbol = Array(bars.symbol.utf8)
            hasher.update(integer: UInt32(symbol.count))
            hasher.update(data: symbol)
            hasher.update(integer: UInt64(bars.count))
            hasher.update(words: bars.time)
            for column in [bars.open, bars.high, bars.low, bars.close, bars.adjustedClose, bars.volume] {
                hasher.update(words: column)
            }
        }
        return Hex.string(hasher.finalize())
    }
}

extension SHA256 {
    fileprivate mutating func update(integer: some FixedWidthInteger) {
        withUnsafeBytes(of: integer.littleEndian) { update(bufferPointer: $0) }
    }

    /// Adds the elements' bytes as they lie in memory, which is little-endian on every platform Swift runs on.
    fileprivate mutating func update<Word: BitwiseCopyable>(words: [Word]) {
        words.withUnsafeBytes { update(bufferPointer: $0) }
    }
}
