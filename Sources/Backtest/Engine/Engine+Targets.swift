import MarketData

extension Engine {
    /// The vectorised path: positions decided in advance, one per bar.
    static func trade(_ bars: Bars, _ targets: [Double], _ account: inout Account, _ record: inout EquityRecord) {
        let times = bars.time, opens = bars.open, highs = bars.high, lows = bars.low, closes = bars.close, volumes = bars.volume
        let count = closes.count
        let costs = account.ledger.costs, limits = account.limits
        let cap = limits.positionCap
        let hasGuard = account.hasGuard
        let hasFinancing = costs.hasFinancing
        // Nothing can happen between two changes of the target.
        let canSkip = !hasGuard && !hasFinancing && limits.participation == nil && limits.maxDrawdown == nil
        var target = 0.0
        // The shares still to be brought to, while an order is being worked off.
        var goal: Double?

        var i = 0
        while i < count {
            var moment = Moment(price: opens[i], index: i, time: times[i], volume: volumes[i])
            if i > 0 {
                if hasFinancing {
                    account.ledger.finance(
                        price: closes[i - 1], days: Double(times[i] - times[i - 1]) / 86_400_000, index: i)
                }
                if record.halted != nil {
                    goal = nil
                    account.ledger.close(moment, reason: .drawdownHalt)
                } else {
                    let wanted = min(max(targets[i - 1], -cap), cap)
                    if wanted != target {
                        goal = account.ledger.wanted(target: wanted, price: opens[i])
                        target = wanted
                    }
                    if let shares = goal {
                        let next = limits.within(limits.most(of: volumes[i]), from: account.ledger.shares, to: shares)
                        account.ledger.order(to: next, moment, reason: .target)
                        if next == shares { goal = nil }
                    }
                }
            }
            if hasGuard, let level = account.guardLevel {
                let isLong = account.ledger.shares > 0
                if isLong ? lows[i] <= level.price : highs[i] >= level.price {
                    moment.price = isLong ? min(opens[i], level.price) : max(opens[i], level.price)
                    account.ledger.close(moment, reason: level.reason)
                    goal = nil
                }
            }
            moment.price = closes[i]
            account.mark(moment, in: &record)
            i += 1
            if canSkip, i < count, record.halted == nil {
                let same = i > 1 ? targets[i - 2] : 0
                var end = i
                targets.withUnsafeBufferPointer { targets in
                    while end < count, targets[end - 1] == same { end += 1 }
                }
                let isHeld =
                    end > i
                    && closes.withUnsafeBufferPointer { closes in
                        closes.baseAddress.map {
                            record.hold(i..<end, cash: account.ledger.cash, shares: account.ledger.shares, closes: $0)
                        } ?? false
                    }
                if isHeld { i = end }
            }
        }
    }
}
