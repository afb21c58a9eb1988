/// The live orders, with the prices at which they wake.
///
/// An order waits for the price to fall to its level, or to rise to it. Levels that depend on the position (brackets, orders that
/// close) are renewed after every fill, trailing ones as the price moves; the nearest level either way is kept, so that a bar
/// that touches none costs two comparisons.
struct OrderBook {
    /// An order with what the book knows about it.
    struct Live {
        let id: Int
        var order: Order
        /// The first bar in which it can be filled.
        let activeFrom: Int
        /// The last bar in which it lives.
        let lastBar: Int
        /// Once the order was filled in part: the shares still to be filled, signed, or for a target the position to reach.
        var rest: Double?
        /// Why a trade that it ends has ended.
        let reason: ExitReason
        /// For an order of a bracket: the level as a multiple of the average entry price less 1.
        var offset: Double?
        /// The best price that a trailing stop has seen.
        var best: Double
        /// The bar in which it was last filled in part; it takes no more there.
        var filledBar = -1
        /// +1 when it buys, -1 when it sells, 0 while it sleeps or its side is not known; NaN when it is new.
        var side = Double.nan
        /// The price it waits for; NaN for one at the market or asleep.
        var level = Double.nan
        /// Whether it waits for the price to fall, or for it to rise.
        var waitsForFall = false
    }

    private(set) var orders: [Live] = []
    /// The highest level that is waited for from above, and the lowest from below.
    private(set) var nearestBelow = -Double.infinity
    private(set) var nearestAbove = Double.infinity
    /// Whether an order is at the market or is followed bar by bar.
    private(set) var needsEveryBar = false
    /// Whether orders or the position have changed since the levels were found.
    private(set) var isStale = false
    private var nextExpiry = Int.max
    private var nextID = 1
    private let log: SeriesLog?

    init(log: SeriesLog?) { self.log = log }

    var count: Int { orders.count }
    var isEmpty: Bool { orders.isEmpty }

    func isLive(_ id: Int) -> Bool { orders.contains { $0.id == id } }

    mutating func place(_ order: Order, bar: Int, price: Double) -> Int {
        add(order, bar: bar, activeFrom: bar + 1, price: price, reason: order.isTarget ? .target : .order, offset: nil)
    }

    private mutating func add(
        _ order: Order, bar: Int, activeFrom: Int, price: Double, reason: ExitReason, offset: Double?
    ) -> Int {
        let id = nextID
        nextID += 1
        let last = order.bars.map { bar.addingReportingOverflow($0) }.map { $0.overflow ? Int.max : $0.partialValue } ?? .max
        orders.append(
            Live(id: id, order: order, activeFrom: activeFrom, lastBar: last, reason: reason, offset: offset, best: price))
        isStale = true
        log?.order(bar, id: id, order)
        return id
    }

    mutating func cancel(_ id: Int, bar: Int) {
        guard let place = orders.firstIndex(where: { $0.id == id }) else { return }
        orders.remove(at: place)
        isStale = true
        log?.cancel(bar, id: id)
    }

    mutating func cancelAll(bar: Int) {
        for live in orders { log?.cancel(bar, id: live.id) }
        orders.removeAll(keepingCapacity: true)
        isStale = true
    }

    /// A share became `ratio` new ones: what is left of an order for a target is in new shares, and prices that orders wait for
    /// are no prices any more.
    mutating func split(_ ratio: Double, bar: Int) {
        guard ratio != 1, !orders.isEmpty else { return }
        for live in orders where live.isPriced { log?.cancel(bar, id: live.id) }
        orders.removeAll { $0.isPriced }
        for place in orders.indices where orders[place].order.isTarget {
            orders[place].rest = orders[place].rest.map { ($0 * ratio).rounded(.towardZero) }
        }
        isStale = true
    }

    /// Ends orders whose last bar is over.
    mutating func expire(after bar: Int) {
        guard nextExpiry <= bar else { return }
        for live in orders where live.lastBar <= bar { log?.cancel(bar, id: live.id) }
        orders.removeAll { $0.lastBar <= bar }
        isStale = true
    }

    /// Sets up the protection of a position, in place of any there was.
    mutating func protect(by bracket: Bracket, bar: Int) {
        endProtection(bar: bar)
        // The kinds' prices are placeholders of 1: the level comes from the entry price.
        if let stop = bracket.stopLoss {
            _ = add(Order(.stop(1), .close), bar: bar, activeFrom: bar, price: 1, reason: .stopLoss, offset: -stop)
        }
        if let target = bracket.takeProfit {
            _ = add(Order(.limit(1), .close), bar: bar, activeFrom: bar, price: 1, reason: .takeProfit, offset: target)
        }
    }

    mutating func endProtection(bar: Int) {
        guard orders.contains(where: { $0.offset != nil }) else { return }
        for live in orders where live.offset != nil { log?.cancel(bar, id: live.id) }
        orders.removeAll { $0.offset != nil }
        isStale = true
    }

    /// The order at `place` was filled: in full, or up to a rest.
    mutating func filled(at place: Int, rest: Double?, bar: Int) {
        isStale = true
        if let rest {
            orders[place].rest = rest
            orders[place].filledBar = bar
        } else {
            orders.remove(at: place)
        }
    }

    /// The stop of a stop-limit order was reached: from now on it is the limit.
    mutating func arm(at place: Int, limit: Double) {
        orders[place].order.kind = .limit(limit)
        isStale = true
    }

    /// Lets trailing stops follow the price.
    mutating func follow(_ price: Double) {
        for place in orders.indices {
            guard case .trailingStop(let fraction) = orders[place].order.kind, orders[place].side != 0 else { continue }
            let isBetter = orders[place].side < 0 ? price > orders[place].best : price < orders[place].best
            guard isBetter else { continue }
            orders[place].best = price
            orders[place].level = price * (orders[place].side < 0 ? 1 - fraction : 1 + fraction)
            reach(orders[place])
        }
    }

    /// Finds all levels anew, from the position and its average entry price.
    mutating func renew(position: Double, entryPrice: Double) {
        isStale = false
        nearestBelow = -.infinity
        nearestAbove = .infinity
        needsEveryBar = false
        nextExpiry = .max
        for place in orders.indices {
            renewOrder(at: place, position: position, entryPrice: entryPrice)
            nextExpiry = min(nextExpiry, orders[place].lastBar)
            reach(orders[place])
        }
    }

    private mutating func renewOrder(at place: Int, position: Double, entryPrice: Double) {
        let live = orders[place]
        let side: Double =
            switch live.order.size {
            case .shares(let shares): shares > 0 ? 1 : -1
            case .target: 0
            case .close: position > 0 ? -1 : (position < 0 ? 1 : 0)
            }
        orders[place].side = side
        // A trail that has slept starts at the price that the position was entered at.
        if live.side == 0, side != 0 { orders[place].best = entryPrice }
        switch live.order.kind {
        case .market, .marketOnClose:
            needsEveryBar = true
            orders[place].level = .nan
            return
        case .limit(let price):
            orders[place].level = price
            orders[place].waitsForFall = side > 0
        case .stop(let price), .stopLimit(let price, _):
            orders[place].level = price
            orders[place].waitsForFall = side < 0
        case .trailingStop(let fraction):
            needsEveryBar = true
            orders[place].level = orders[place].best * (side < 0 ? 1 - fraction : 1 + fraction)
            orders[place].waitsForFall = side < 0
        }
        if let offset = live.offset { orders[place].level = entryPrice * (1 - side * offset) }
        if side == 0 { orders[place].level = .nan }
    }

    private mutating func reach(_ live: Live) {
        guard !live.level.isNaN else { return }
        if live.waitsForFall {
            if live.level > nearestBelow { nearestBelow = live.level }
        } else if live.level < nearestAbove {
            nearestAbove = live.level
        }
    }
}

extension OrderBook.Live {
    /// Whether it waits for a price of the strategy's own.
    fileprivate var isPriced: Bool {
        switch order.kind {
        case .market, .marketOnClose: false
        case .limit, .stop, .stopLimit, .trailingStop: offset == nil
        }
    }
}

extension Order {
    var isTarget: Bool { if case .target = size { true } else { false } }
}
