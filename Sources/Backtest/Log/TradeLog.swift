/// Every order and fill of a run, one line each, chained by hashes: what was written can be replayed and cannot be changed
/// unseen.
///
/// A line is eight hexadecimal digits that check it, a space, and a record of `LogRecord`; after every 64 of them, and at the
/// end, stands a line `seal SHA256` over all bytes before it (see `SealedLines`). Numbers are decimals that read back as the
/// same doubles. Lines are only ever appended; the first is `run` and the last record is `end`.
package final class TradeLog {
    private let sealed = SealedLines()
    private let initialCapital: Double
    private var hasBegun = false

    /// A log for one run.
    package init(initialCapital: Double) { self.initialCapital = initialCapital }

    /// The lines written so far.
    package var bytes: [UInt8] { sealed.bytes }

    /// The number of records written so far.
    package var records: Int { sealed.count }

    /// The hash of everything written: whoever keeps it can tell whether the log is the one that was written.
    package var sha256: String { sealed.sha256 }

    /// Makes room for about `count` more lines.
    package func reserve(_ count: Int) { sealed.reserve(count) }

    /// Starts with the symbols that are traded; nothing happens the second time. All money of the log is in `unit`.
    func begin(_ symbols: [String], unit: Double = 1) {
        guard !hasBegun else { return }
        hasBegun = true
        sealed.add { line in
            line.append("run 2 ")
            line.append(unit == 1 ? initialCapital : (initialCapital / unit).rounded())
            line.space()
            line.append(unit)
            line.space()
            line.append(symbols.count)
        }
        for (series, symbol) in symbols.enumerated() {
            // The last field may hold spaces, but no line feed.
            let name = symbol.prefix(256).map { $0.isNewline ? "?" : String($0) }.joined()
            sealed.add { line in
                line.append("series ")
                line.append(series)
                line.space()
                line.append(name)
            }
        }
    }

    /// Ends the log with the last equity, and the last closes of the series that were traded.
    func end(bar: Int, time: Int64, equity: Double, closes: [(series: Int, price: Double)]) {
        for close in closes {
            sealed.add { line in
                line.append("close ")
                line.append(close.series)
                line.space()
                line.append(close.price)
            }
        }
        sealed.add { line in
            line.append("end ")
            line.append(bar)
            line.space()
            line.append(Int(time))
            line.space()
            line.append(equity)
        }
        sealed.seal()
    }

    fileprivate func add(_ kind: StaticString, _ series: Int, _ bar: Int, _ write: (inout LineWriter) -> Void) {
        sealed.add { line in
            line.append(kind)
            line.append(series)
            line.space()
            line.append(bar)
            line.space()
            write(&line)
        }
    }
}

/// The part of a log that is about one series.
struct SeriesLog {
    let log: TradeLog
    let series: Int

    func fill(_ moment: Moment, change: Double, price: Double, commission: Double, reason: ExitReason) {
        log.add("fill ", series, moment.index) { line in
            line.append(Int(moment.time))
            line.space()
            line.append(change)
            line.space()
            line.append(price)
            line.space()
            line.append(commission)
            line.space()
            line.append(reason.word)
        }
    }

    func finance(_ bar: Int, paid: Double) { log.add("finance ", series, bar) { $0.append(paid) } }

    func book(_ bar: Int, shares: Double, received: Double) {
        log.add("book ", series, bar) { line in
            line.append(shares)
            line.space()
            line.append(received)
        }
    }

    func order(_ bar: Int, id: Int, _ order: Order) {
        log.add("order ", series, bar) { line in
            line.append(id)
            line.space()
            line.append(order.description)
        }
    }

    func cancel(_ bar: Int, id: Int) { log.add("cancel ", series, bar) { $0.append(id) } }
}

extension ExitReason {
    /// The raw value, without making a string of it.
    fileprivate var word: StaticString {
        switch self {
        case .target: "target"
        case .order: "order"
        case .stopLoss: "stopLoss"
        case .takeProfit: "takeProfit"
        case .liquidation: "liquidation"
        case .drawdownHalt: "drawdownHalt"
        case .ruin: "ruin"
        case .delisting: "delisting"
        case .endOfData: "endOfData"
        }
    }
}
