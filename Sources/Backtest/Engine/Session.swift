import MarketData

/// The event-driven path at work: an account, the orders, and the way the price takes through each bar.
struct Session {
    /// One bar's numbers.
    struct Bar {
        let index: Int
        let time: Int64
        let open, high, low, close, volume: Double

        @inline(__always)
        init(_ bars: Bars, _ i: Int) {
            index = i
            time = bars.time[i]
            (open, high, low, close) = (bars.open[i], bars.high[i], bars.low[i], bars.close[i])
            volume = bars.volume[i]
        }

        func moment(_ price: Double) -> Moment { Moment(price: price, index: index, time: time, volume: volume) }
    }

    var account: Account
    private var desk: Desk
    private let path: BarPath
    private let hasGuard: Bool
    private let hasFinancing: Bool
    /// The shares that may still be filled in this bar.
    private var volumeLeft = Double.infinity

    init(account: Account, desk: Desk, path: BarPath) {
        self.account = account
        self.desk = desk
        self.path = path
        hasGuard = account.limits.stopLoss != nil || account.limits.maintenanceMargin != nil
        hasFinancing = account.ledger.costs.borrow > 0 || account.ledger.costs.funding > 0
    }

    /// Lets the strategy decide on a bar's close, unless trading has ended.
    mutating func ask<Strategy: OrderStrategy>(_ strategy: inout Strategy, bar: Int) throws(BacktestError) {
        guard account.halted == nil else { return }
        desk.show(account.ledger, bar: bar)
        try strategy.decide(&desk)
        if desk.book.isStale { renew() }
    }

    /// Takes the account through a bar, from what held it open overnight to the mark at its close.
    mutating func trade(_ bar: Bar, before: Bar?) {
        if let before {
            if hasFinancing {
                account.ledger.finance(price: before.close, days: Double(bar.time - before.time) / 86_400_000, index: bar.index)
            }
            if account.halted != nil {
                account.ledger.close(bar.moment(bar.open), reason: .drawdownHalt)
            } else {
                let isTouched =
                    desk.book.needsEveryBar || hasGuard || bar.low <= desk.book.nearestBelow
                    || bar.high >= desk.book.nearestAbove
                if isTouched { walk(bar) }
                desk.book.expire(after: bar.index)
                if desk.book.isStale { renew() }
            }
        }
        account.mark(bar.moment(bar.close))
        if account.halted != nil, !desk.book.isEmpty { desk.book.cancelAll(bar: bar.index) }
    }

    private mutating func renew() {
        desk.book.renew(position: account.ledger.shares, entryPrice: account.ledger.entryPrice)
    }

    private mutating func walk(_ bar: Bar) {
        volumeLeft = account.limits.most(of: bar.volume)
        fillMarket(.market, at: bar.open, bar)
        fillReached(at: bar.open, bar)
        desk.book.follow(bar.open)
        var price = bar.open
        var (first, second) = path.extremes(open: bar.open, high: bar.high, low: bar.low, position: account.ledger.shares)
        var leg = 0
        while leg < 3 {
            let end = leg == 0 ? first : (leg == 1 ? second : bar.close)
            guard let level = nextLevel(from: price, to: end, bar) else {
                price = end
                desk.book.follow(end)
                leg += 1
                continue
            }
            let sideBefore = side
            price = level
            fillReached(at: level, bar)
            if path == .pessimistic, side != 0, side != sideBefore {
                // Where the other extreme lies in time is not known, so it is not counted on.
                second = side > 0 ? bar.low : bar.high
                first = second
                leg = 1
            }
        }
        fillMarket(.marketOnClose, at: bar.close, bar)
    }

    private var side: Int { account.ledger.shares > 0 ? 1 : (account.ledger.shares < 0 ? -1 : 0) }

    private func isReady(_ live: OrderBook.Live, _ bar: Bar) -> Bool {
        live.activeFrom <= bar.index && live.filledBar != bar.index
    }

    /// The first price on the way from one price to another at which an order or the limits wait; nil when there is none.
    private func nextLevel(from start: Double, to end: Double, _ bar: Bar) -> Double? {
        let falls = end < start
        var nearest = falls ? -Double.infinity : Double.infinity
        for live in desk.book.orders where live.waitsForFall == falls && isReady(live, bar) {
            // NaN is neither.
            if falls ? live.level > nearest : live.level < nearest { nearest = live.level }
        }
        if hasGuard, falls == (account.ledger.shares > 0), let level = account.guardLevel?.price {
            nearest = falls ? max(nearest, level) : min(nearest, level)
        }
        return (falls ? nearest >= end && nearest <= start : nearest <= end && nearest >= start) ? nearest : nil
    }

    /// Fills every order whose price has been reached where the price stands now, and lets the limits act.
    private mutating func fillReached(at price: Double, _ bar: Bar) {
        while let place = desk.book.orders.firstIndex(where: { live in
            isReady(live, bar) && (live.waitsForFall ? price <= live.level : price >= live.level)
        }) {
            if case .stopLimit(_, let limit) = desk.book.orders[place].order.kind {
                desk.book.arm(at: place, limit: limit)
                renew()
            } else {
                fill(at: place, price: price, bar)
            }
        }
        if hasGuard, let level = account.guardLevel, account.ledger.shares > 0 ? price <= level.price : price >= level.price {
            account.ledger.close(bar.moment(price), reason: level.reason)
            desk.book.cancelAll(bar: bar.index)
            renew()
        }
    }

    private mutating func fillMarket(_ kind: Order.Kind, at price: Double, _ bar: Bar) {
        while let place = desk.book.orders.firstIndex(where: { $0.order.kind == kind && isReady($0, bar) }) {
            fill(at: place, price: price, bar)
        }
    }

    /// Fills the order at `place`, as far as the bar's volume goes.
    private mutating func fill(at place: Int, price: Double, _ bar: Bar) {
        let live = desk.book.orders[place]
        let before = account.ledger.shares
        var goal: Double
        switch live.order.size {
        case .close: goal = 0
        case .target(let target):
            let cap = account.limits.maxPosition
            goal = live.rest ?? account.ledger.wanted(target: min(max(target, -cap), cap), price: price)
        case .shares(let shares):
            goal = account.limits.capped(
                from: before, to: before + (live.rest ?? shares), price: price, equity: account.ledger.equity(at: price))
        }
        let next = account.limits.within(volumeLeft, from: before, to: goal)
        volumeLeft -= abs(next - before)
        account.ledger.order(to: next, bar.moment(price), reason: live.reason)
        let rest: Double? = next == goal ? nil : (live.order.isTarget ? goal : goal - next)
        desk.book.filled(at: place, rest: rest, bar: bar.index)
        if account.ledger.shares == 0 {
            desk.book.endProtection(bar: bar.index)
        } else if let bracket = live.order.bracket, next != before {
            desk.book.protect(by: bracket, bar: bar.index)
        }
        renew()
    }
}
