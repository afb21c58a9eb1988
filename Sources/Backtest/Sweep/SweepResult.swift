import Statistics

/// What a sweep keeps of a combination: the same to the last bit as in the whole `Performance`.
package struct SweepResult: Sendable, Hashable, Codable {
    package let sharpe: Double
    package let totalReturn: Double
    package let maxDrawdown: Double

    package init(sharpe: Double, totalReturn: Double, maxDrawdown: Double) {
        self.sharpe = sharpe
        self.totalReturn = totalReturn
        self.maxDrawdown = maxDrawdown
    }

    /// Measures returns by the profile `empyrical`.
    package init(returns: [Double], periodsPerYear: Double = 252) {
        let (mean, deviation) = Moments.meanAndDeviation(returns)
        sharpe = deviation == 0 ? .nan : mean / deviation * periodsPerYear.squareRoot()
        var wealth = 1.0, high = 1.0, deepest = 0.0
        for value in returns {
            if wealth > 0 { wealth *= 1 + value }
            if wealth >= high {
                high = wealth
            } else {
                deepest = min(deepest, wealth / high - 1)
            }
        }
        totalReturn = wealth - 1
        maxDrawdown = deepest
    }
}
