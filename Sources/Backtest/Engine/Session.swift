import MarketData

/// The event-driven path at work on one series: its orders, and the way the price takes through each bar.
struct Session {
    /// One bar's numbers.
    struct Bar {
        let index: Int
        let time: Int64
        let open, high, low, close, volume: Double

        /// Of the series that is traded; index 0 is its first bar.
        @inline(__always)
        init(_ bars: Bars, _ i: Int) {
            index = i
            time = bars.time[i]
            (open, high, low, close) = (bars.open[i], bars.high[i], bars.low[i], bars.close[i])
            volume = bars.volume[i]
        }

        func moment(_ price: Double) -> Moment { Moment(price: price, index: index, time: time, volume: volume) }
    }

    /// What the strategy sees of the series, and its orders.
    var desk: Desk
    private let path: BarPath
    /// The shares that may still be filled in this bar.
    private var volumeLeft = Double.infinity

    init(desk: Desk, path: BarPath) {
        self.desk = desk
        self.path = path
    }

    /// Finds the orders' levels anew where they or the position have changed.
    mutating func renewStale(_ account: Account) {
        if desk.book.isStale { renew(account) }
    }

    private mutating func renew(_ account: Account) {
        desk.book.renew(position: account.ledger.shares, entryPrice: account.ledger.entryPrice)
    }

    /// Whether anything can happen in the bar.
    func isTouched(by bar: Bar, _ account: Account) -> Bool {
        desk.book.needsEveryBar || account.hasGuard || bar.low <= desk.book.nearestBelow || bar.high >= desk.book.nearestAbove
    }

    /// Whether the first order at the market makes the position smaller or turns it round; nil when there is none.
    func reducesAtOpen(_ bar: Bar, _ account: Account) -> Bool? {
        guard let live = desk.book.orders.first(where: { $0.order.kind == .market && isReady($0, bar) }) else { return nil }
        switch live.order.size {
        case .close: return true
        case .target(let target):
            return live.rest.map { account.reduces(towards: $0) } ?? account.reduces(target: target, price: bar.open)
        case .shares(let shares): return account.ledger.shares * shares < 0
        }
    }

    /// Fills the orders at the market at the bar's open.
    mutating func open(_ bar: Bar, _ account: inout Account) {
        volumeLeft = account.most(of: bar.volume)
        fillMarket(.market, at: bar.open, bar, &account)
    }

    /// Takes the account through an opened bar, up to the orders at its close.
    mutating func walk(_ bar: Bar, _ account: inout Account) {
        fillReached(at: bar.open, bar, &account)
        desk.book.follow(bar.open)
        var price = bar.open
        var (first, second) = path.extremes(open: bar.open, high: bar.high, low: bar.low, position: account.ledger.shares)
        var leg = 0
        while leg < 3 {
            let end = leg == 0 ? first : (leg == 1 ? second : bar.close)
            guard let level = nextLevel(from: price, to: end, bar, account) else {
                price = end
                desk.book.follow(end)
                leg += 1
                continue
            }
            let sideBefore = side(account)
            price = level
            fillReached(at: level, bar, &account)
            let side = side(account)
            if path == .pessimistic, side != 0, side != sideBefore {
                // Where the other extreme lies in time is not known, so it is not counted on.
                second = side > 0 ? bar.low : bar.high
                first = second
                leg = 1
            }
        }
        fillMarket(.marketOnClose, at: bar.close, bar, &account)
    }

    private func side(_ account: Account) -> Int { account.ledger.shares > 0 ? 1 : (account.ledger.shares < 0 ? -1 : 0) }

    private func isReady(_ live: OrderBook.Live, _ bar: Bar) -> Bool {
        live.activeFrom <= bar.index && live.filledBar != bar.index
    }

    /// The first price on the way from one price to another at which an order or the limits wait; nil when there is none.
    private func nextLevel(from start: Double, to end: Double, _ bar: Bar, _ account: Account) -> Double? {
        let falls = end < start
        var nearest = falls ? -Double.infinity : Double.infinity
        for live in desk.book.orders where live.waitsForFall == falls && isReady(live, bar) {
            // NaN is neither.
            if falls ? live.level > nearest : live.level < nearest { nearest = live.level }
        }
        if account.hasGuard, falls == (account.ledger.shares > 0), let level = account.guardLevel?.price {
            nearest = falls ? max(nearest, level) : min(nearest, level)
        }
        return (falls ? nearest >= end && nearest <= start : nearest <= end && nearest >= start) ? nearest : nil
    }

    /// Fills every order whose price has been reached where the price stands now, and lets the limits act.
    private mutating func fillReached(at price: Double, _ bar: Bar, _ account: inout Account) {
        while let place = desk.book.orders.firstIndex(where: { live in
            isReady(live, bar) && (live.waitsForFall ? price <= live.level : price >= live.level)
        }) {
            if case .stopLimit(_, let limit) = desk.book.orders[place].order.kind {
                desk.book.arm(at: place, limit: limit)
                renew(account)
            } else {
                fill(at: place, price: price, bar, &account)
            }
        }
        if account.hasGuard, let level = account.guardLevel,
            account.ledger.shares > 0 ? price <= level.price : price >= level.price
        {
            account.ledger.close(bar.moment(price), reason: level.reason)
            desk.book.cancelAll(bar: bar.index)
            renew(account)
        }
    }

    private mutating func fillMarket(_ kind: Order.Kind, at price: Double, _ bar: Bar, _ account: inout Account) {
        while let place = desk.book.orders.firstIndex(where: { $0.order.kind == kind && isReady($0, bar) }) {
            fill(at: place, price: price, bar, &account)
        }
    }

    /// Fills the order at `place`, as far as the bar's volume goes.
    private mutating func fill(at place: Int, price: Double, _ bar: Bar, _ account: inout Account) {
        let live = desk.book.orders[place]
        let before = account.ledger.shares
        var goal: Double
        switch live.order.size {
        case .close: goal = 0
        case .target(let target):
            goal = live.rest ?? account.goal(target: target, price: price)
        case .shares(let shares):
            goal = account.goal(change: live.rest ?? shares, price: price)
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
        renew(account)
    }
}
