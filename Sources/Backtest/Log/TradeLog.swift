/// Every order and fill of a run, one line each, chained by hashes: what was written can be replayed and cannot be changed
/// unseen.
///
/// A line is 64 hexadecimal digits, a space, and a record of `LogRecord`. The digits are the SHA-256 of all records up to and
/// including this one, each with its line feed. Numbers are decimals that read back as the same doubles. Lines are
/// only ever appended; the first is `run` and the last is `end`.
package final class TradeLog {
    private var sealed = SealedLines()

    /// Starts the log of a run over bars of `symbol`.
    package init(symbol: String, initialCapital: Double) {
        // The last field may hold spaces, but no line feed.
        let name = symbol.prefix(256).map { $0.isNewline ? "?" : String($0) }.joined()
        sealed.add { line in
            line.append("run 1 ")
            line.append(initialCapital)
            line.append(" ")
            line.append(name)
        }
    }

    /// The lines written so far.
    package var bytes: [UInt8] { sealed.bytes }

    /// The number of lines written so far.
    package var lines: Int { sealed.count }

    /// The hash of everything written: whoever keeps it can tell whether the log is the one that was written.
    package var sha256: String { sealed.sha256 }

    /// Makes room for about `count` more lines.
    package func reserve(_ count: Int) { sealed.reserve(count) }

    func fill(_ moment: Moment, change: Double, price: Double, commission: Double, reason: ExitReason) {
        sealed.add { line in
            line.append("fill ")
            line.append(moment.index)
            line.append(" ")
            line.append(Int(moment.time))
            line.append(" ")
            line.append(change)
            line.append(" ")
            line.append(price)
            line.append(" ")
            line.append(commission)
            line.append(" ")
            line.append(reason.rawValue)
        }
    }

    func finance(_ index: Int, paid: Double) {
        sealed.add { line in
            line.append("finance ")
            line.append(index)
            line.append(" ")
            line.append(paid)
        }
    }

    func order(_ index: Int, id: Int, _ order: Order) {
        sealed.add { line in
            line.append("order ")
            line.append(index)
            line.append(" ")
            line.append(id)
            line.append(" ")
            line.append(order.description)
        }
    }

    func cancel(_ index: Int, id: Int) {
        sealed.add { line in
            line.append("cancel ")
            line.append(index)
            line.append(" ")
            line.append(id)
        }
    }

    func end(_ close: Moment, equity: Double) {
        sealed.add { line in
            line.append("end ")
            line.append(close.index)
            line.append(" ")
            line.append(Int(close.time))
            line.append(" ")
            line.append(close.price)
            line.append(" ")
            line.append(equity)
        }
    }
}
