import Crypto

/// Every order and fill of a run, one line each, chained by hashes: what was written can be replayed and cannot be changed
/// unseen.
///
/// A line is 64 hexadecimal digits, a space, and a record of `LogRecord`. The digits are the SHA-256 of all records up to and
/// including this one, each with its line feed. Numbers are the shortest decimals that read back as the same doubles. Lines are
/// only ever appended; the first is `run` and the last is `end`.
package final class TradeLog {
    /// The lines written so far.
    package private(set) var bytes: [UInt8] = []
    /// The number of lines written so far.
    package private(set) var lines = 0
    private var chain = SHA256()
    private var record: [UInt8] = []

    /// Starts the log of a run over bars of `symbol`.
    package init(symbol: String, initialCapital: Double) {
        begin("run")
        append(1)
        append(initialCapital)
        // The last field may hold spaces, but no line feed.
        append(text: symbol.map { $0.isNewline ? "?" : String($0) }.joined())
        seal()
    }

    /// The hash of everything written: whoever keeps it can tell whether the log is the one that was written.
    package var sha256: String { chain.finalize().map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() }

    /// Makes room for about `count` more lines.
    package func reserve(_ count: Int) { bytes.reserveCapacity(bytes.count + count * 144) }

    func fill(_ moment: Moment, change: Double, price: Double, commission: Double, reason: ExitReason) {
        begin("fill")
        append(moment.index)
        append(Int(moment.time))
        append(change)
        append(price)
        append(commission)
        append(text: reason.rawValue)
        seal()
    }

    func finance(_ index: Int, paid: Double) {
        begin("finance")
        append(index)
        append(paid)
        seal()
    }

    func order(_ index: Int, id: Int, _ order: Order) {
        begin("order")
        append(index)
        append(id)
        append(text: order.description)
        seal()
    }

    func cancel(_ index: Int, id: Int) {
        begin("cancel")
        append(index)
        append(id)
        seal()
    }

    func end(_ close: Moment, equity: Double) {
        begin("end")
        append(close.index)
        append(Int(close.time))
        append(close.price)
        append(equity)
        seal()
    }

    private func begin(_ kind: StaticString) {
        record.removeAll(keepingCapacity: true)
        kind.withUTF8Buffer { record.append(contentsOf: $0) }
    }

    private func append(_ value: Int) {
        record.append(UInt8(ascii: " "))
        DecimalText.append(value, to: &record)
    }

    private func append(_ value: Double) {
        record.append(UInt8(ascii: " "))
        DecimalText.append(value, to: &record)
    }

    private func append(text: String) {
        record.append(UInt8(ascii: " "))
        record.append(contentsOf: text.utf8)
    }

    private func seal() {
        record.append(UInt8(ascii: "\n"))
        record.withUnsafeBytes { chain.update(bufferPointer: $0) }
        // The copy is finished; the chain goes on.
        let digest = chain.finalize()
        for byte in digest {
            bytes.append(Self.digits[Int(byte &>> 4)])
            bytes.append(Self.digits[Int(byte & 15)])
        }
        bytes.append(UInt8(ascii: " "))
        bytes.append(contentsOf: record)
        lines += 1
    }

    private static let digits = [UInt8]("0123456789abcdef".utf8)
}
