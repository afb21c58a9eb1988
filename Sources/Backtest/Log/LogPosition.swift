/// Cash and shares as the records so far leave them.
struct LogPosition {
    private(set) var symbols: [String] = []
    private(set) var initialCapital = 0.0
    /// The money that the log counts in.
    private(set) var unit = 1.0
    private(set) var cash = 0.0
    private(set) var shares: [Double] = []
    private(set) var fills = 0
    private(set) var orders = 0
    private(set) var commissionPaid = 0.0
    private var expected: Int?
    private var closes: [Double?] = []
    /// The equity that the end names.
    private(set) var recorded: Double?

    /// The most series that a log has.
    private static let mostSeries = 1_000_000

    /// The equity by the closes of the log; nil while a close is missing.
    var equity: Double? {
        var equity = cash
        for (shares, close) in zip(shares, closes) where shares != 0 {
            guard let close else { return nil }
            equity += shares * close
        }
        return equity
    }

    /// The equity where the series are worth `prices`, in units.
    func equity(at prices: [Double]) -> Double {
        zip(shares, prices).reduce(cash) { $1.0 == 0 ? $0 : $0 + $1.0 * $1.1 }
    }

    /// False when the record cannot stand here.
    mutating func take(_ record: LogRecord) -> Bool {
        guard recorded == nil else { return false }
        if case .run(let capital, let unit, let count) = record {
            guard expected == nil, (1...Self.mostSeries).contains(count) else { return false }
            (initialCapital, cash, expected) = (capital, capital, count)
            self.unit = unit
            return true
        }
        if case .series(let number, let symbol) = record {
            guard let expected, number == symbols.count, number < expected else { return false }
            symbols.append(symbol)
            shares.append(0)
            closes.append(nil)
            return true
        }
        guard let expected, symbols.count == expected else { return false }
        switch record {
        case .run, .series: return false
        case .cancel(let series, _, _): return shares.indices.contains(series)
        case .order(let series, _, _, _):
            orders += 1
            return shares.indices.contains(series)
        case .fill(let series, _, _, let change, let price, let commission, _):
            guard shares.indices.contains(series) else { return false }
            cash -= change * price + commission
            shares[series] += change
            commissionPaid += commission
            fills += 1
        case .finance(let series, _, let paid):
            cash -= paid
            return shares.indices.contains(series)
        case .book(let series, _, let after, let received):
            guard shares.indices.contains(series) else { return false }
            shares[series] = after
            cash += received
        case .close(let series, let price):
            guard shares.indices.contains(series), closes[series] == nil else { return false }
            closes[series] = price
        case .end(_, _, let equity): recorded = equity
        }
        return true
    }
}
