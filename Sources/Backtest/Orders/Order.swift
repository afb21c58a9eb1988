import Diagnostics

/// What a strategy asks for on a bar's close; it can be filled from the next bar on.
package struct Order: Sendable, Hashable {
    /// How and at which price an order is filled.
    package enum Kind: Sendable, Hashable {
        /// At the next open.
        case market
        /// At the next close.
        case marketOnClose
        /// At the price or better.
        case limit(Double)
        /// At the market once the price has reached the stop: never better than it.
        case stop(Double)
        /// At the limit or better once the price has reached the stop.
        case stopLimit(stop: Double, limit: Double)
        /// A stop that follows the best price since the order was placed, at a fraction of that price: 0.05 is five percent.
        case trailingStop(Double)
    }

    /// How much is asked for.
    package enum Size: Sendable, Hashable {
        /// So many shares, bought when positive, sold when negative.
        case shares(Double)
        /// As many as bring the position to a signed fraction of equity; only for orders at the market.
        case target(Double)
        /// The whole position. The order sleeps while there is none.
        case close
    }

    package var kind: Kind
    package var size: Size
    /// The number of bars the order lives, 1 for the next bar only; nil until it is filled or cancelled.
    package var bars: Int?
    /// Orders that protect the position from this order's fill on; they replace those there were.
    package var bracket: Bracket?

    package init(_ kind: Kind = .market, _ size: Size, bars: Int? = nil, bracket: Bracket? = nil) {
        self.kind = kind
        self.size = size
        self.bars = bars
        self.bracket = bracket
    }

    /// Throws `E_ORDER` for a size that is zero or no number, a price that is not a positive number, a trail outside 0...1, a
    /// life of no bar, and a target for an order that waits for a price.
    func validate() throws(BacktestError) {
        switch size {
        case .shares(let shares):
            guard shares != 0, shares.isFinite else { throw Self.refusal("an order for \(shares) shares") }
        case .target(let target):
            guard target.isFinite, kind == .market || kind == .marketOnClose else {
                throw Self.refusal("an order for a target of \(target) that is not at the market")
            }
        case .close: break
        }
        let prices: [Double] =
            switch kind {
            case .market, .marketOnClose: []
            case .limit(let price), .stop(let price): [price]
            case .stopLimit(let stop, let limit): [stop, limit]
            case .trailingStop(let fraction): [fraction > 0 && fraction < 1 ? 1 : .nan]
            }
        guard prices.allSatisfy({ $0 > 0 && $0 < .infinity }) else { throw Self.refusal("an order \(self)") }
        if let bars, bars < 1 { throw Self.refusal("an order that lives \(bars) bars") }
        try bracket?.validate()
    }

    static func refusal(_ what: String) -> BacktestError {
        BacktestError(.order, "\(what) cannot be", hint: "sizes and prices are numbers, prices and lives positive")
    }
}

/// The orders that protect a position: the first that is filled cancels the other.
package struct Bracket: Sendable, Hashable {
    /// How far below (short: above) the average entry price the stop stands, as a fraction; nil for none.
    package var stopLoss: Double?
    /// How far above (short: below) the average entry price the limit stands, as a fraction; nil for none.
    package var takeProfit: Double?

    package init(stopLoss: Double? = nil, takeProfit: Double? = nil) {
        self.stopLoss = stopLoss
        self.takeProfit = takeProfit
    }

    func validate() throws(BacktestError) {
        for fraction in [stopLoss, takeProfit].compactMap({ $0 }) where !(fraction > 0 && fraction < 1) {
            throw Order.refusal("a bracket at \(fraction) of the entry price")
        }
    }
}

extension Order: CustomStringConvertible {
    /// One line, as the trade log has it: `buy 100 limit 99.5 for 3 bars stop 0.02`.
    package var description: String {
        var words: [String] =
            switch size {
            case .shares(let shares): [shares > 0 ? "buy" : "sell", "\(abs(shares))"]
            case .target(let target): ["target", "\(target)"]
            case .close: ["close"]
            }
        switch kind {
        case .market: words.append("market")
        case .marketOnClose: words.append("close-auction")
        case .limit(let price): words += ["limit", "\(price)"]
        case .stop(let price): words += ["stop", "\(price)"]
        case .stopLimit(let stop, let limit): words += ["stop", "\(stop)", "limit", "\(limit)"]
        case .trailingStop(let fraction): words += ["trail", "\(fraction)"]
        }
        if let bars { words.append("for \(bars) bars") }
        if let stop = bracket?.stopLoss { words.append("bracket-stop \(stop)") }
        if let target = bracket?.takeProfit { words.append("bracket-target \(target)") }
        return words.joined(separator: " ")
    }
}
