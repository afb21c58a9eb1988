import Diagnostics

/// The steps in which a series is traded: then prices, shares and money are whole numbers of them, and nothing is rounded that
/// adds up.
///
/// Fills are rounded to the tick against whoever trades, shares towards fewer, and commission and financing up to the unit of
/// money. The prices are those of the market; splits and dividends are booked (see `CorporateAction`).
package struct Instrument: Sendable, Hashable {
    /// The smallest step of the price, in money.
    package var tick: Double
    /// The smallest number of shares, or the money that a contract moves by for 1 of its price.
    package var lot: Double

    package init(tick: Double, lot: Double = 1) {
        self.tick = tick
        self.lot = lot
    }

    /// Ticks and lots are whole numbers of millionths.
    private static let scale = 1e6
    /// What a tick or a lot may be.
    package static let range = 0.000_001...1000

    /// Throws `E_INSTRUMENT`, placed at the key.
    package func validate() throws(BacktestError) {
        for (key, value) in [("tick", tick), ("lot", lot)] {
            guard Self.range.contains(value), abs((value * Self.scale).rounded() / Self.scale - value) < 1e-12 else {
                throw BacktestError(
                    .instrument, "\(key) is \(value), but it is from 0.000001 to 1000 with at most six decimals",
                    place: .key("/\(key)"), hint: "{tick: 0.01, lot: 1} are shares in cents")
            }
        }
    }

    /// A tick of a lot in trillionths of money.
    private var value: Int { Int((tick * Self.scale).rounded()) * Int((lot * Self.scale).rounded()) }

    /// The unit in which the money of all `instruments` is counted: the largest of which their ticks and a hundredth are whole
    /// numbers.
    static func unit(of instruments: [Instrument]) -> Double {
        var unit = 10_000_000_000
        for instrument in instruments {
            var other = instrument.value
            while other != 0 { (unit, other) = (other, unit % other) }
        }
        return Double(unit) / (scale * scale)
    }

    /// The units of money that a lot moves by for a tick: a whole number.
    func factor(unit: Double) -> Double { (Double(value) / (Self.scale * Self.scale) / unit).rounded() }
}

/// How the numbers of a run become whole, and money and shares again.
struct Steps: Sendable, Hashable {
    /// The money of one unit.
    let unit: Double
    /// The shares of one lot.
    let lot: Double

    /// Whole numbers from here on are not all doubles.
    static let largest = 9_007_199_254_740_992.0

    /// Costs in units for each lot.
    func scaled(_ costs: Costs) -> Costs {
        var costs = costs
        costs.perShare *= lot / unit
        costs.minimum /= unit
        return costs
    }

    func money(_ trade: Trade) -> Trade {
        var trade = trade
        trade.entryPrice *= unit / lot
        trade.exitPrice *= unit / lot
        trade.shares *= lot
        trade.commission *= unit
        trade.pnl *= unit
        return trade
    }
}
