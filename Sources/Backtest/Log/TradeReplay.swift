import Crypto
import Diagnostics
package import MarketData

/// A trade log read back: the checks and seals of all lines, and cash and positions rebuilt from the fills alone.
package struct TradeReplay: Sendable, Hashable {
    /// What was traded, in the order of the log's numbers.
    package let symbols: [String]
    package let initialCapital: Double
    /// The money that the records count in: 1, or the unit of the instruments.
    package let unit: Double
    /// The records in order.
    package let records: [LogRecord]
    /// The equity at the last close, rebuilt.
    package let equity: Double
    package let fills: Int
    package let orders: Int
    package let commissionPaid: Double
    /// The hash of the whole log.
    package let sha256: String

    /// Reads a whole log.
    ///
    /// Throws `E_LOG_CHAIN`, placed at the first line that is not what was written there; `E_LOG_FORMAT` for a line that is no
    /// record; `E_LOG_END` for a log without its end, or with an equity at the end that the fills do not lead to.
    package init(_ bytes: [UInt8], file: String? = nil) throws(BacktestError) {
        var lines = CheckedLines(bytes, file: file)
        var records: [LogRecord] = []
        var position = LogPosition()
        while let (number, text) = try lines.next() {
            guard let record = LogRecord(text), position.take(record) else {
                throw BacktestError(
                    .logFormat, "line \(number) of the log is no record that can stand there",
                    place: .text(file: file, line: number, column: 1))
            }
            records.append(record)
        }
        guard let recorded = position.recorded, lines.isSealed else {
            throw BacktestError(
                .logEnd, "the log ends after line \(lines.number) without its end",
                place: .text(file: file, line: lines.number + 1, column: 1), hint: "the run was cut off, or the file was")
        }
        let equity = position.equity ?? .nan
        // NaN is not within any distance; whole numbers of units are equal.
        guard abs(equity - recorded) <= (position.unit == 1 ? 0.005 : 0) else {
            throw BacktestError(
                .logEnd, "the fills lead to an equity of \(equity), but the log ends with \(recorded)",
                place: .text(file: file, line: lines.number, column: 1))
        }
        self.records = records
        unit = position.unit
        self.equity = equity * unit
        symbols = position.symbols
        initialCapital = position.initialCapital * unit
        fills = position.fills
        orders = position.orders
        commissionPaid = position.commissionPaid * unit
        sha256 = lines.sha256
    }

    /// The equity at each close of one series, the adjusted bars that were traded; the first bar is bar 0 of the log.
    package func equity(over bars: Bars) -> [Double] { equity(closes: [bars.close]) }

    /// The equity at each close of all series on one calendar, in the order of the log's numbers, such as
    /// `Universe.closes`; a series that has not begun has a close that is not used.
    package func equity(closes: [[Double]]) -> [Double] {
        var position = LogPosition()
        var next = 0
        return (closes.first ?? []).indices.map { bar in
            while next < records.count, (records[next].bar ?? 0) <= bar {
                _ = position.take(records[next])
                next += 1
            }
            return position.equity(at: closes.map { $0[bar] }) * unit
        }
    }
}
