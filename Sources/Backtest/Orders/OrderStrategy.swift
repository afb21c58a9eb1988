import MarketData

/// A strategy that places orders: asked at every bar's close, with the bars up to that one.
package protocol OrderStrategy {
    /// Decides on the close of the desk's bar. Called once a bar, in order of time, but for the last one: nothing placed there
    /// could be filled.
    mutating func decide(_ desk: inout Desk) throws(BacktestError)
}

/// What an order strategy sees and does on a bar's close: the bars so far, the account, its live orders.
package struct Desk {
    private let bars: Bars
    /// The bar that has just closed.
    package private(set) var bar = 0
    /// The shares held, negative when short.
    package private(set) var position = 0.0
    /// Money not in the position.
    package private(set) var cash = 0.0
    /// The average price of the position's entry fills; NaN when flat.
    package private(set) var entryPrice = Double.nan
    /// What the other positions of a portfolio are worth.
    private var others = 0.0
    /// The live orders.
    var book: OrderBook

    init(bars: Bars, log: SeriesLog?) {
        self.bars = bars
        book = OrderBook(log: log)
    }

    /// Cash and all positions at the last close.
    package var equity: Double { position == 0 ? cash + others : cash + others + position * close() }

    /// The close `ago` bars before the desk's bar; NaN before the first one. There is no way to a later one.
    package func close(_ ago: Int = 0) -> Double { value(bars.close, ago) }
    package func open(_ ago: Int = 0) -> Double { value(bars.open, ago) }
    package func high(_ ago: Int = 0) -> Double { value(bars.high, ago) }
    package func low(_ ago: Int = 0) -> Double { value(bars.low, ago) }
    package func volume(_ ago: Int = 0) -> Double { value(bars.volume, ago) }

    /// The number of live orders, those of brackets included.
    package var liveOrders: Int { book.count }

    /// Whether the order with this number is still live.
    package func isLive(_ id: Int) -> Bool { book.isLive(id) }

    /// Places an order, live from the next bar on, and gives its number. Throws `E_ORDER` for one that cannot be.
    @discardableResult
    package mutating func place(_ order: Order) throws(BacktestError) -> Int {
        try order.validate()
        return book.place(order, bar: bar, price: close())
    }

    /// Cancels an order; nothing happens when it is not live any more.
    package mutating func cancel(_ id: Int) { book.cancel(id, bar: bar) }

    /// Cancels all orders, those of brackets included.
    package mutating func cancelAll() { book.cancelAll(bar: bar) }

    mutating func show(_ ledger: Ledger, bar: Int) {
        self.bar = bar
        position = ledger.shares
        cash = ledger.cash
        others = ledger.others.value
        entryPrice = position == 0 ? .nan : ledger.entryPrice
    }

    private func value(_ column: [Double], _ ago: Int) -> Double { ago >= 0 && ago <= bar ? column[bar - ago] : .nan }
}
