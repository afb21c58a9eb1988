extension Costs {
    /// The largest share of the price that spread, slippage and impact can take together, so that a sale still brings something.
    package static let worstPrice = 0.9

    /// The share of the price that every fill loses, whatever its size.
    var flatSlippage: Double { slippage + spread / 2 }

    /// Whether the price of a fill depends on its size.
    var hasImpact: Bool { volumeImpact > 0 || rootImpact > 0 }

    /// The price that a fill of `size` shares gets where the market stands at `price`; a bar without volume has no impact.
    func paid(_ price: Double, size: Double, isBuy: Bool, volume: Double) -> Double {
        var worse = flatSlippage
        if hasImpact, volume > 0 {
            let share = size / volume
            worse = min(worse + volumeImpact * share + rootImpact * share.squareRoot(), Self.worstPrice)
        }
        return price * (isBuy ? 1 + worse : 1 - worse)
    }

    /// The commission without its minimum.
    func commission(size: Double, value: Double) -> Double { value * commission + size * perShare }

    /// What shares sold short cost in `days`, in money.
    func borrowing(shares: Double, price: Double, days: Double) -> Double {
        shares < 0 ? -shares * price * borrow * days / 365 : 0
    }

    /// What cash below zero costs in `days`, in money.
    func funding(cash: Double, days: Double) -> Double { cash < 0 ? -cash * funding * days / 365 : 0 }

    /// Whether holding costs anything.
    var hasFinancing: Bool { self.borrow > 0 || funding > 0 }
}
