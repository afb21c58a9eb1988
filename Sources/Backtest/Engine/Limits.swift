import Diagnostics

/// The bounds that the engine keeps a strategy within.
package struct Limits: Sendable, Hashable, Codable {
    /// The largest position either way as a fraction of equity; targets beyond it are cut down to it.
    package var maxPosition: Double
    /// The fall of equity from its highest close, as a fraction, at which trading ends for good; nil for no limit.
    package var maxDrawdown: Double?
    /// The adverse move from the entry price, as a fraction, at which a position is closed; nil for no stop.
    package var stopLoss: Double?

    package init(maxPosition: Double = 1, maxDrawdown: Double? = nil, stopLoss: Double? = nil) {
        self.maxPosition = maxPosition
        self.maxDrawdown = maxDrawdown
        self.stopLoss = stopLoss
    }

    /// A position of at most the whole equity, no drawdown limit, no stop.
    package static let none = Limits()

    /// The largest position cap there may be; with the highest costs a fill of this size still leaves equity.
    package static let largestPosition = 4.0

    /// Throws `E_LIMITS_RANGE`, placed at the limit's key, unless 0 < maxPosition <= 4, 0 < maxDrawdown <= 1 and
    /// 0 < stopLoss < 1.
    package func validate() throws(BacktestError) {
        guard maxPosition > 0, maxPosition <= Self.largestPosition else {
            throw BacktestError(
                .limitsRange, "maxPosition is \(maxPosition), but it is a fraction of equity above 0 and at most 4",
                place: .key("/maxPosition"), hint: "1.0 allows a position of the whole equity, long or short")
        }
        if let maxDrawdown, !(maxDrawdown > 0 && maxDrawdown <= 1) {
            throw BacktestError(
                .limitsRange, "maxDrawdown is \(maxDrawdown), but it is a fraction above 0 and at most 1",
                place: .key("/maxDrawdown"), hint: "0.25 ends trading when equity is 25 % below its highest close")
        }
        if let stopLoss, !(stopLoss > 0 && stopLoss < 1) {
            throw BacktestError(
                .limitsRange, "stopLoss is \(stopLoss), but it is a fraction between 0 and 1", place: .key("/stopLoss"),
                hint: "0.08 closes a position 8 % below (short: above) its entry price")
        }
    }
}
