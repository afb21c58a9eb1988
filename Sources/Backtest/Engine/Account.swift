/// A ledger marked at every close, and the limits that watch over it: what both paths of the engine share.
struct Account {
    var ledger: Ledger
    let limits: Limits
    /// The bar at whose close trading ended for good.
    private(set) var halted: Int?
    private(set) var returns: [Double]
    private(set) var equities: [Double]
    private(set) var positions: [Double]
    private var equity: Double
    private var peak: Double
    private let floor: Double
    private let initialCapital: Double

    init(ledger: Ledger, limits: Limits, initialCapital: Double, bars: Int) {
        self.ledger = ledger
        self.limits = limits
        self.initialCapital = initialCapital
        equity = initialCapital
        peak = initialCapital
        floor = 1 - (limits.maxDrawdown ?? .infinity)
        returns = [Double](repeating: 0, count: bars)
        equities = returns
        positions = returns
    }

    /// The price at which the limits close the position, and which of them does; nil without a position or such a limit.
    ///
    /// The stop stands at the average entry price less (short: plus) the stop loss; the liquidation where equity is the
    /// maintenance margin of the position's value. A long position is closed at or below the price, a short one at or above it.
    var guardLevel: (price: Double, reason: ExitReason)? {
        let shares = ledger.shares
        guard shares != 0, limits.stopLoss != nil || limits.maintenanceMargin != nil else { return nil }
        var level: (price: Double, reason: ExitReason)?
        if let stopLoss = limits.stopLoss {
            level = (ledger.entryPrice * (shares > 0 ? 1 - stopLoss : 1 + stopLoss), .stopLoss)
        }
        if let margin = limits.maintenanceMargin {
            // cash + shares × price = margin × |shares| × price
            let price = ledger.cash / (shares > 0 ? shares * (margin - 1) : -shares * (1 + margin))
            let isFirst = level.map { shares > 0 ? price > $0.price : price < $0.price } ?? true
            if price > 0, isFirst { level = (price, .liquidation) }
        }
        return level
    }

    /// Marks the account at a close: equity, returns, ruin and the drawdown limit.
    mutating func mark(_ close: Moment) {
        let i = close.index
        let before = equity
        equity = ledger.equity(at: close.price)
        if equity <= 0, before > 0 {
            ledger.close(close, reason: .ruin)
            equity = ledger.cash
            halted = halted ?? i
        } else {
            if equity > peak { peak = equity }
            if halted == nil, equity <= peak * floor { halted = i }
        }
        returns[i] = before > 0 ? equity / before - 1 : 0
        equities[i] = equity
        if ledger.shares != 0 { positions[i] = ledger.shares * close.price / equity }
    }

    /// Marks the bars of `range` at their closes, the position staying as it is. False, and nothing done, when equity is not
    /// positive throughout. Only for accounts without a drawdown limit.
    mutating func hold(_ range: Range<Int>, closes: UnsafePointer<Double>) -> Bool {
        let cash = ledger.cash, shares = ledger.shares
        guard equity > 0 else { return false }
        if shares == 0 {
            for i in range { equities[i] = equity }
            return true
        }
        let isPositive = equities.withUnsafeMutableBufferPointer { equities in
            var good = 0
            for i in range {
                let value = cash + shares * closes[i]
                equities[i] = value
                good &+= value > 0 ? 1 : 0
            }
            return good == range.count
        }
        guard isPositive else { return false }
        equities.withUnsafeBufferPointer { equities in
            returns.withUnsafeMutableBufferPointer { returns in
                returns[range.lowerBound] = equities[range.lowerBound] / equity - 1
                for i in (range.lowerBound + 1)..<range.upperBound { returns[i] = equities[i] / equities[i - 1] - 1 }
            }
            positions.withUnsafeMutableBufferPointer { positions in
                for i in range { positions[i] = shares * closes[i] / equities[i] }
            }
            equity = equities[range.upperBound - 1]
        }
        return true
    }

    /// Ends the run: values what is open at the last close.
    consuming func result(times: [Int64], closes: [Double]) -> BacktestResult {
        if let close = closes.last, let time = times.last {
            ledger.settle(price: close, index: closes.count - 1, time: time)
            ledger.log?.end(Moment(price: close, index: closes.count - 1, time: time, volume: 0), equity: equity)
        }
        return BacktestResult(
            times: times, returns: returns, equity: equities, positions: positions, trades: ledger.trades, fills: ledger.fills,
            turnover: ledger.turnover, commissionPaid: ledger.commissionPaid, financingPaid: ledger.financingPaid,
            halted: halted, initialCapital: initialCapital)
    }
}
