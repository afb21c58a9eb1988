/// A ledger and the limits that watch over its position: what both paths of the engine share.
struct Account {
    var ledger: Ledger
    let limits: Limits

    /// The price at which the limits close the position, and which of them does; nil without a position or such a limit.
    ///
    /// The stop stands at the average entry price less (short: plus) the stop loss; the liquidation where equity is the
    /// maintenance margin of all positions' value. A long position is closed at or below the price, a short one at or above it.
    var guardLevel: (price: Double, reason: ExitReason)? {
        let shares = ledger.shares
        guard shares != 0, limits.stopLoss != nil || limits.maintenanceMargin != nil else { return nil }
        var level: (price: Double, reason: ExitReason)?
        if let stopLoss = limits.stopLoss {
            level = (ledger.entryPrice * (shares > 0 ? 1 - stopLoss : 1 + stopLoss), .stopLoss)
        }
        if let margin = limits.maintenanceMargin {
            // cash + others + shares × price = margin × (others' gross + |shares| × price)
            let cash = ledger.cash + ledger.others.value - margin * ledger.others.gross
            let price = cash / (shares > 0 ? shares * (margin - 1) : -shares * (1 + margin))
            let isFirst = level.map { shares > 0 ? price > $0.price : price < $0.price } ?? true
            if price > 0, isFirst { level = (price, .liquidation) }
        }
        return level
    }

    /// Marks the account at a close; equity that is gone ends its position there.
    @inline(__always)
    mutating func mark(_ close: Moment, in record: inout EquityRecord) {
        let isRuin = record.equity > 0 && ledger.equity(at: close.price) <= 0
        if isRuin { ledger.close(close, reason: .ruin) }
        record.mark(
            close.index, equity: isRuin ? ledger.cash : ledger.equity(at: close.price), held: ledger.shares * close.price,
            isRuin: isRuin)
    }

    /// Whether anything but orders can close the position.
    var hasGuard: Bool { limits.stopLoss != nil || limits.maintenanceMargin != nil }

    /// The shares that a target leads to at `price`: cut to the position cap, and to what the gross limit leaves room for.
    func goal(target: Double, price: Double) -> Double {
        let cap = limits.positionCap
        let goal = ledger.wanted(target: min(max(target, -cap), cap), price: price)
        return whole(ledger.within(gross: limits.grossCap, goal: goal, price: price))
    }

    /// The shares that an order for `change` more leads to at `price`, cut by the limits.
    func goal(change: Double, price: Double) -> Double {
        whole(
            limits.capped(
                from: ledger.shares, to: ledger.shares + change, price: price, equity: ledger.equity(at: price),
                taken: ledger.others.gross))
    }

    /// The shares that fills may take of a bar's volume.
    func most(of volume: Double) -> Double { whole(limits.most(of: volume)) }

    private func whole(_ shares: Double) -> Double { ledger.isWhole ? shares.rounded(.towardZero) : shares }

    /// Whether going for `target` at `price` makes the position smaller, or turns it round.
    func reduces(target: Double, price: Double) -> Bool {
        let cap = limits.positionCap
        return reduces(towards: min(max(target, -cap), cap) * ledger.equity(at: price) / price)
    }

    /// Whether going for `goal` shares makes the position smaller, or turns it round.
    func reduces(towards goal: Double) -> Bool {
        let shares = ledger.shares
        return shares != 0 && (goal * shares <= 0 || abs(goal) < abs(shares))
    }
}
