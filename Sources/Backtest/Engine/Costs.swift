import Diagnostics

/// What a fill costs, the same for buying and selling.
package struct Costs: Sendable, Hashable, Codable {
    /// The share of the traded value that each side pays; 0.001 is ten basis points.
    package var commission: Double
    /// The share of the price by which every fill is worse than the price it aims at.
    package var slippage: Double

    package init(commission: Double = 0, slippage: Double = 0) {
        self.commission = commission
        self.slippage = slippage
    }

    /// No costs at all.
    package static let none = Costs()

    /// What both may be: up to a tenth.
    package static let range = 0.0...0.1

    /// Throws `E_COSTS_RANGE`, placed at `/commission` or `/slippage`, unless both are within `range`.
    package func validate() throws(BacktestError) {
        for (name, value) in [("commission", commission), ("slippage", slippage)] where !Self.range.contains(value) {
            throw BacktestError(
                .costsRange, "\(name) is \(value), but it is a share from 0 to \(Self.range.upperBound)", place: .key("/\(name)"),
                hint: "0.001 means 0.1 % of the traded value")
        }
    }
}
