import Crypto
import Diagnostics
package import MarketData

/// A trade log read back: the chain checked line by line, cash and position rebuilt from the fills alone.
package struct TradeReplay: Sendable, Hashable {
    package let symbol: String
    package let initialCapital: Double
    /// The records in order.
    package let records: [LogRecord]
    /// The equity at the last close, rebuilt.
    package let equity: Double
    package let fills: Int
    package let orders: Int
    package let commissionPaid: Double
    /// The hash of all records.
    package let sha256: String

    /// Reads a whole log.
    ///
    /// Throws `E_LOG_CHAIN`, placed at the first line that is not what was written there; `E_LOG_FORMAT` for a line that is no
    /// record; `E_LOG_END` for a log without its end, or with an equity at the end that the fills do not lead to.
    package init(_ bytes: [UInt8], file: String? = nil) throws(BacktestError) {
        var chain = SHA256()
        var records: [LogRecord] = []
        var position = LogPosition()
        var number = 0
        var digest = ""
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
            number += 1
            let place = Place.text(file: file, line: number, column: 1)
            let text = line.dropFirst(65)
            text.withUnsafeBytes { chain.update(bufferPointer: $0) }
            chain.update(data: [UInt8(ascii: "\n")])
            digest = SealedLines.text(chain.finalize())
            guard line.count >= 65, line.prefix(65).elementsEqual((digest + " ").utf8) else {
                throw BacktestError(
                    .logChain, "line \(number) of the log is not what was written there", place: place,
                    hint: "the lines before it are sound; the file was changed at this line or in its hash")
            }
            guard let record = LogRecord(Substring(decoding: text, as: UTF8.self)), position.take(record) else {
                throw BacktestError(.logFormat, "line \(number) of the log is no record that can stand there", place: place)
            }
            records.append(record)
        }
        guard bytes.last == UInt8(ascii: "\n"), case .end(_, _, let close, let recorded) = records.last else {
            throw BacktestError(
                .logEnd, "the log ends after line \(number) without its end",
                place: .text(file: file, line: number + 1, column: 1),
                hint: "the run was cut off, or the file was")
        }
        let equity = position.equity(at: close)
        guard abs(equity - recorded) <= 0.005 else {
            throw BacktestError(
                .logEnd, "the fills lead to an equity of \(equity), but the log ends with \(recorded)",
                place: .text(file: file, line: number, column: 1))
        }
        self.records = records
        self.equity = equity
        symbol = position.symbol
        initialCapital = position.initialCapital
        fills = position.fills
        orders = position.orders
        commissionPaid = position.commissionPaid
        sha256 = digest
    }

    /// The equity at each close of `bars`, the adjusted ones that were traded; the first bar is bar 0 of the log.
    package func equity(over bars: Bars) -> [Double] {
        var position = LogPosition()
        var next = 0
        return bars.close.indices.map { bar in
            while next < records.count, records[next].bar <= bar {
                _ = position.take(records[next])
                next += 1
            }
            return position.equity(at: bars.close[bar])
        }
    }
}

/// Cash and shares as the records so far leave them.
private struct LogPosition {
    var symbol = ""
    var initialCapital = 0.0
    var cash = 0.0
    var shares = 0.0
    var fills = 0
    var orders = 0
    var commissionPaid = 0.0
    private var hasBegun = false
    private var hasEnded = false

    func equity(at price: Double) -> Double { cash + shares * price }

    /// False when the record cannot stand here.
    mutating func take(_ record: LogRecord) -> Bool {
        if case .run(let capital, let name) = record {
            (symbol, initialCapital, cash) = (name, capital, capital)
            defer { hasBegun = true }
            return !hasBegun
        }
        guard hasBegun, !hasEnded else { return false }
        switch record {
        case .run, .cancel: break
        case .order: orders += 1
        case .fill(_, _, let change, let price, let commission, _):
            cash -= change * price + commission
            shares += change
            commissionPaid += commission
            fills += 1
        case .finance(_, let paid): cash -= paid
        case .end: hasEnded = true
        }
        return true
    }
}

extension LogRecord {
    /// The bar that the record belongs to; the start belongs to bar 0. What is placed or cancelled on a close changes nothing.
    fileprivate var bar: Int {
        switch self {
        case .run: 0
        case .order(let bar, _, _), .cancel(let bar, _), .fill(let bar, _, _, _, _, _), .finance(let bar, _),
            .end(let bar, _, _, _):
            bar
        }
    }
}
