/// Which way a position stands.
package enum Side: String, Sendable, Hashable, Codable, CaseIterable {
    case long, short
}

/// Why a trade ended.
package enum ExitReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// The strategy's target went to zero or to the other side.
    case target
    /// An order of the strategy other than those named here.
    case order
    /// The price reached the stop.
    case stopLoss
    /// The price reached the target of a bracket.
    case takeProfit
    /// Equity fell below the maintenance margin.
    case liquidation
    /// The drawdown limit ended trading.
    case drawdownHalt
    /// Equity was gone.
    case ruin
    /// The series ended before the calendar did: the position is closed at its last close.
    case delisting
    /// The data ended with the position open: the trade is valued at the last close, without costs of leaving.
    case endOfData
}

/// One position from the fill that opened it to the fill that closed or turned it.
package struct Trade: Sendable, Hashable, Codable {
    package var symbol: String
    /// The bar of the first entry fill.
    package var entryIndex: Int
    /// The bar of the last exit fill; the last bar of the data when open at the end.
    package var exitIndex: Int
    /// Milliseconds since 1970.
    package var entryTime: Int64
    /// Milliseconds since 1970.
    package var exitTime: Int64
    package var side: Side
    /// The average price of the entry fills, slippage included.
    package var entryPrice: Double
    /// The average price of the exit fills, slippage included.
    package var exitPrice: Double
    /// All shares that were entered; fractions of a share are possible.
    package var shares: Double
    /// Commission of all fills, in money.
    package var commission: Double
    /// Gain or loss in money, net of all costs.
    package var pnl: Double
    /// `pnl` over the money that the entry fills moved.
    package var `return`: Double
    package var exitReason: ExitReason

    package init(
        symbol: String, entryIndex: Int, exitIndex: Int, entryTime: Int64, exitTime: Int64, side: Side, entryPrice: Double,
        exitPrice: Double, shares: Double, commission: Double, pnl: Double, return: Double, exitReason: ExitReason
    ) {
        self.symbol = symbol
        self.entryIndex = entryIndex
        self.exitIndex = exitIndex
        self.entryTime = entryTime
        self.exitTime = exitTime
        self.side = side
        self.entryPrice = entryPrice
        self.exitPrice = exitPrice
        self.shares = shares
        self.commission = commission
        self.pnl = pnl
        self.return = `return`
        self.exitReason = exitReason
    }

    /// Whether the position was still open when the data ended.
    package var isOpenAtEnd: Bool { exitReason == .endOfData }
}
