import Diagnostics

/// The bounds that the engine keeps a strategy within.
package struct Limits: Sendable, Hashable, Codable {
    /// The largest position either way as a fraction of equity; targets beyond it are cut down to it.
    package var maxPosition: Double
    /// The largest sum of all positions, long and short ones counted alike, as a fraction of equity: no fill goes beyond it. Nil
    /// for the whole equity, or as much as one position may be.
    package var maxGross: Double?
    /// The fall of equity from its highest close, as a fraction, at which trading ends for good; nil for no limit.
    package var maxDrawdown: Double?
    /// The adverse move from the entry price, as a fraction, at which a position is closed; nil for no stop.
    package var stopLoss: Double?
    /// Equity over the position's value below which the position is liquidated; nil for never before ruin.
    package var maintenanceMargin: Double?
    /// The largest share of a bar's volume that a fill may take; the rest is carried on to the next bar. Nil for no cap; what
    /// the limits themselves close is not capped.
    package var participation: Double?

    package init(
        maxPosition: Double = 1, maxGross: Double? = nil, maxDrawdown: Double? = nil, stopLoss: Double? = nil,
        maintenanceMargin: Double? = nil, participation: Double? = nil
    ) {
        self.maxPosition = maxPosition
        self.maxGross = maxGross
        self.maxDrawdown = maxDrawdown
        self.stopLoss = stopLoss
        self.maintenanceMargin = maintenanceMargin
        self.participation = participation
    }

    /// A position of at most the whole equity, no drawdown limit, no stop.
    package static let none = Limits()

    /// The largest position cap there may be; with the highest costs a fill of this size still leaves equity.
    package static let largestPosition = 4.0

    /// Throws `E_LIMITS_RANGE`, placed at the limit's key, unless 0 < maxPosition <= 4, 0 < maxGross <= 4, 0 < maxDrawdown <= 1,
    /// 0 < stopLoss < 1, 0 < maintenanceMargin < 1 and 0 < participation <= 1.
    package func validate() throws(BacktestError) {
        guard maxPosition > 0, maxPosition <= Self.largestPosition else {
            throw BacktestError(
                .limitsRange, "maxPosition is \(maxPosition), but it is a fraction of equity above 0 and at most 4",
                place: .key("/maxPosition"), hint: "1.0 allows a position of the whole equity, long or short")
        }
        if let maxGross, !(maxGross > 0 && maxGross <= Self.largestPosition) {
            throw BacktestError(
                .limitsRange, "maxGross is \(maxGross), but it is a fraction of equity above 0 and at most 4",
                place: .key("/maxGross"), hint: "1.0 allows positions worth the whole equity, long and short ones together")
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
        if let maintenanceMargin, !(maintenanceMargin > 0 && maintenanceMargin < 1) {
            throw BacktestError(
                .limitsRange, "maintenanceMargin is \(maintenanceMargin), but it is a fraction between 0 and 1",
                place: .key("/maintenanceMargin"),
                hint: "0.25 liquidates a position when equity is a quarter of its value")
        }
        if let participation, !(participation > 0 && participation <= 1) {
            throw BacktestError(
                .limitsRange, "participation is \(participation), but it is a fraction above 0 and at most 1",
                place: .key("/participation"), hint: "0.1 lets a fill take a tenth of the bar's volume")
        }
    }
}

extension Limits {
    var grossCap: Double { maxGross ?? max(1, maxPosition) }
    var positionCap: Double { min(maxPosition, grossCap) }

    /// The shares that fills may take of a bar's volume.
    func most(of volume: Double) -> Double { participation.map { $0 * volume } ?? .infinity }

    /// How far a fill of at most `most` shares brings a position on its way from `shares` to `goal`.
    func within(_ most: Double, from shares: Double, to goal: Double) -> Double {
        abs(goal - shares) <= most ? goal : shares + (goal > shares ? most : -most)
    }

    /// The position that an order from `shares` to `goal` may reach: no further than the position cap, and the gross limit with
    /// `taken` held elsewhere, unless it reduces.
    func capped(from shares: Double, to goal: Double, price: Double, equity: Double, taken: Double) -> Double {
        let isReduction = goal * shares >= 0 && abs(goal) <= abs(shares)
        if isReduction { return goal }
        let largest = max(0, min(positionCap * equity, grossCap * equity - taken) / price)
        let held = goal * shares > 0 ? abs(shares) : 0
        let size = min(abs(goal), max(largest, held))
        return goal > 0 ? size : -size
    }
}
