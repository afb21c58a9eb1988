/// Equity marked at every close, and the end of trading for good.
struct EquityRecord {
    /// The bar at whose close trading ended for good.
    private(set) var halted: Int?
    private(set) var returns: [Double]
    private(set) var equities: [Double]
    private(set) var positions: [Double]
    /// The last equity that was marked.
    private(set) var equity: Double
    private var peak: Double
    private let floor: Double
    let initialCapital: Double

    init(initialCapital: Double, maxDrawdown: Double?, bars: Int) {
        self.initialCapital = initialCapital
        equity = initialCapital
        peak = initialCapital
        floor = 1 - (maxDrawdown ?? .infinity)
        returns = [Double](repeating: 0, count: bars)
        equities = returns
        positions = returns
    }

    /// Marks the close of bar `i`; `held` is the value of what is held. `isRuin` ends trading, and so does the drawdown limit.
    @inline(__always)
    mutating func mark(_ i: Int, equity now: Double, held: Double, isRuin: Bool) {
        let before = equity
        equity = now
        if isRuin {
            halted = halted ?? i
        } else {
            if equity > peak { peak = equity }
            if halted == nil, equity <= peak * floor { halted = i }
        }
        returns[i] = before > 0 ? equity / before - 1 : 0
        equities[i] = equity
        if held != 0 { positions[i] = held / equity }
    }

    /// Marks the bars of `range` at their closes, cash and shares staying as they are. False, and nothing done, when equity is
    /// not positive throughout. Only without a drawdown limit.
    mutating func hold(_ range: Range<Int>, cash: Double, shares: Double, closes: UnsafePointer<Double>) -> Bool {
        guard equity > 0 else { return false }
        if shares == 0 {
            for i in range { equities[i] = equity }
            return true
        }
        let isPositive = equities.withUnsafeMutableBufferPointer { equities in
            var good = 0
            for i in range {
                let value = cash + shares * closes[i]
                equities[i] = value
                good &+= value > 0 ? 1 : 0
            }
            return good == range.count
        }
        guard isPositive else { return false }
        equities.withUnsafeBufferPointer { equities in
            returns.withUnsafeMutableBufferPointer { returns in
                returns[range.lowerBound] = equities[range.lowerBound] / equity - 1
                for i in (range.lowerBound + 1)..<range.upperBound { returns[i] = equities[i] / equities[i - 1] - 1 }
            }
            positions.withUnsafeMutableBufferPointer { positions in
                for i in range { positions[i] = shares * closes[i] / equities[i] }
            }
            equity = equities[range.upperBound - 1]
        }
        return true
    }
}
