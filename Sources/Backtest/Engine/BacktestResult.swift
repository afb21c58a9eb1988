/// What the engine found: one value per bar in each array, and the trades in order of their exit.
package struct BacktestResult: Sendable, Hashable, Codable {
    /// The bars' times, milliseconds since 1970.
    package var times: [Int64]
    /// equity[i] / equity[i - 1] - 1, the first against the initial capital; 0 once equity is gone.
    package var returns: [Double]
    /// Cash plus position at each bar's close, in money.
    package var equity: [Double]
    /// The position held at each bar's close as a signed fraction of equity.
    package var positions: [Double]
    package var trades: [Trade]
    /// The number of orders that were filled; turning a position round is one.
    package var fills: Int
    /// The sum over all fills of traded value over equity just before the fill.
    package var turnover: Double
    /// In money.
    package var commissionPaid: Double
    /// What borrowed shares and borrowed cash cost, in money.
    package var financingPaid: Double
    /// What was booked of dividends and of parts of lots after splits, in money; adjusted prices have them in them.
    package var dividendsReceived: Double
    /// The bar at whose close the drawdown limit, or the loss of all equity, ended trading.
    package var halted: Int?
    /// The equity before the first bar, in money.
    package var initialCapital: Double

    package init(
        times: [Int64], returns: [Double], equity: [Double], positions: [Double], trades: [Trade], fills: Int,
        turnover: Double, commissionPaid: Double, financingPaid: Double = 0, dividendsReceived: Double = 0,
        halted: Int?, initialCapital: Double
    ) {
        self.times = times
        self.returns = returns
        self.equity = equity
        self.positions = positions
        self.trades = trades
        self.fills = fills
        self.turnover = turnover
        self.commissionPaid = commissionPaid
        self.financingPaid = financingPaid
        self.dividendsReceived = dividendsReceived
        self.halted = halted
        self.initialCapital = initialCapital
    }
}
