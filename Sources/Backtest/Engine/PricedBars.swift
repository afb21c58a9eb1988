package import MarketData

/// Bars in the adjusted prices that are traded, checked once and good for any number of runs.
package struct PricedBars: Sendable {
    /// The adjusted bars: every price is a positive number.
    package let bars: Bars

    /// Throws `E_BAR_PRICE` when an adjusted price is not a positive number.
    package init(_ bars: Bars) throws(BacktestError) {
        let adjusted = bars.adjusted()
        try Engine.checkPrices(of: adjusted)
        self.bars = adjusted
    }

    /// The number of bars.
    package var count: Int { bars.count }
}
