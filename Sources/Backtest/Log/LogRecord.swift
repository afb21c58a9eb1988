/// One line of a trade log, without its hash.
package enum LogRecord: Sendable, Hashable {
    /// `run 1 CAPITAL SYMBOL`: the version of the format, the equity before the first bar, and what is traded.
    case run(initialCapital: Double, symbol: String)
    /// `order BAR ID TEXT`: an order that a strategy placed on a bar's close.
    case order(bar: Int, id: Int, text: String)
    /// `cancel BAR ID`: an order that ended without being filled in full.
    case cancel(bar: Int, id: Int)
    /// `fill BAR TIME SHARES PRICE COMMISSION REASON`: shares bought (negative: sold), the price paid, milliseconds since 1970.
    case fill(bar: Int, time: Int64, shares: Double, price: Double, commission: Double, reason: ExitReason)
    /// `finance BAR MONEY`: what holding the position cost since the bar before.
    case finance(bar: Int, paid: Double)
    /// `end BAR TIME CLOSE EQUITY`: the last bar.
    case end(bar: Int, time: Int64, close: Double, equity: Double)

    /// Reads a record; nil when it is none.
    init?(_ text: Substring) {
        let kind = text.prefix { $0 != " " }
        /// The values after the kind: `count` words, the last of which takes the rest when it is a text.
        func words(_ count: Int) -> [Substring]? {
            let words = text.split(separator: " ", maxSplits: count, omittingEmptySubsequences: false).dropFirst()
            return words.count == count ? Array(words) : nil
        }
        switch kind {
        case "run":
            guard let words = words(3), words[0] == "1", let capital = Double(words[1]), capital.isFinite else { return nil }
            self = .run(initialCapital: capital, symbol: String(words[2]))
        case "order":
            guard let words = words(3), let bar = Int(words[0]), let id = Int(words[1]) else { return nil }
            self = .order(bar: bar, id: id, text: String(words[2]))
        case "cancel":
            guard let words = words(2), let bar = Int(words[0]), let id = Int(words[1]) else { return nil }
            self = .cancel(bar: bar, id: id)
        case "fill":
            guard let words = words(6), let bar = Int(words[0]), let time = Int64(words[1]), let shares = Double(words[2]),
                let price = Double(words[3]), let commission = Double(words[4]),
                let reason = ExitReason(rawValue: String(words[5]))
            else { return nil }
            self = .fill(bar: bar, time: time, shares: shares, price: price, commission: commission, reason: reason)
        case "finance":
            guard let words = words(2), let bar = Int(words[0]), let paid = Double(words[1]) else { return nil }
            self = .finance(bar: bar, paid: paid)
        case "end":
            guard let words = words(4), let bar = Int(words[0]), let time = Int64(words[1]), let close = Double(words[2]),
                let equity = Double(words[3])
            else { return nil }
            self = .end(bar: bar, time: time, close: close, equity: equity)
        default: return nil
        }
    }
}
