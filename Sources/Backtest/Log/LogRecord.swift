/// One line of a trade log, without its check.
package enum LogRecord: Sendable, Hashable {
    /// `run 2 CAPITAL UNIT COUNT`: the version of the format, the equity before the first bar, the unit of all money, and how many
    /// series are traded.
    case run(initialCapital: Double, unit: Double, series: Int)
    /// `series NUMBER SYMBOL`: a series by its number, from 0.
    case series(Int, symbol: String)
    /// `order SERIES BAR ID TEXT`: an order that a strategy placed on a bar's close; numbers are counted for each series.
    case order(series: Int, bar: Int, id: Int, text: String)
    /// `cancel SERIES BAR ID`: an order that ended without being filled in full.
    case cancel(series: Int, bar: Int, id: Int)
    /// `fill SERIES BAR TIME SHARES PRICE COMMISSION REASON`: shares bought (negative: sold), the price paid, milliseconds
    /// since 1970.
    case fill(series: Int, bar: Int, time: Int64, shares: Double, price: Double, commission: Double, reason: ExitReason)
    /// `finance SERIES BAR MONEY`: what holding the position cost since the bar before.
    case finance(series: Int, bar: Int, paid: Double)
    /// `book SERIES BAR SHARES MONEY`: the shares held after a split or dividend, and the money that came with it.
    case book(series: Int, bar: Int, shares: Double, received: Double)
    /// `close SERIES PRICE`: the last price of a series that was traded.
    case close(series: Int, price: Double)
    /// `end BAR TIME EQUITY`: the last bar.
    case end(bar: Int, time: Int64, equity: Double)

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
            guard let words = words(4), words[0] == "2", let capital = Double(words[1]), capital.isFinite,
                let unit = Double(words[2]), unit > 0, unit.isFinite, let series = Int(words[3])
            else { return nil }
            self = .run(initialCapital: capital, unit: unit, series: series)
        case "series":
            guard let words = words(2), let series = Int(words[0]) else { return nil }
            self = .series(series, symbol: String(words[1]))
        case "order":
            guard let words = words(4), let series = Int(words[0]), let bar = Int(words[1]), let id = Int(words[2]) else {
                return nil
            }
            self = .order(series: series, bar: bar, id: id, text: String(words[3]))
        case "cancel":
            guard let words = words(3), let series = Int(words[0]), let bar = Int(words[1]), let id = Int(words[2]) else {
                return nil
            }
            self = .cancel(series: series, bar: bar, id: id)
        case "fill":
            guard let words = words(7), let series = Int(words[0]), let bar = Int(words[1]), let time = Int64(words[2]),
                let shares = Double(words[3]), let price = Double(words[4]), let commission = Double(words[5]),
                let reason = ExitReason(rawValue: String(words[6]))
            else { return nil }
            self = .fill(
                series: series, bar: bar, time: time, shares: shares, price: price, commission: commission, reason: reason)
        case "finance":
            guard let words = words(3), let series = Int(words[0]), let bar = Int(words[1]), let paid = Double(words[2]) else {
                return nil
            }
            self = .finance(series: series, bar: bar, paid: paid)
        case "book":
            guard let words = words(4), let series = Int(words[0]), let bar = Int(words[1]), let shares = Double(words[2]),
                let received = Double(words[3])
            else { return nil }
            self = .book(series: series, bar: bar, shares: shares, received: received)
        case "close":
            guard let words = words(2), let series = Int(words[0]), let price = Double(words[1]) else { return nil }
            self = .close(series: series, price: price)
        case "end":
            guard let words = words(3), let bar = Int(words[0]), let time = Int64(words[1]), let equity = Double(words[2]) else {
                return nil
            }
            self = .end(bar: bar, time: time, equity: equity)
        default: return nil
        }
    }

    /// The bar that the record belongs to; nil for one of the whole log.
    var bar: Int? {
        switch self {
        case .run, .series, .close: nil
        case .order(_, let bar, _, _), .cancel(_, let bar, _), .fill(_, let bar, _, _, _, _, _), .finance(_, let bar, _),
            .book(_, let bar, _, _), .end(let bar, _, _):
            bar
        }
    }
}
