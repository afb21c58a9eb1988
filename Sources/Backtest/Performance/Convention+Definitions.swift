import Foundation
import Statistics

/// Where the profiles differ: one function for each such metric.
extension Convention {
    /// The gain of the whole series.
    func totalReturn(_ returns: [Double]) -> Double {
        guard isCompounded else { return CompensatedSum.of(returns) }
        var wealth = 1.0
        for value in returns where wealth > 0 { wealth *= 1 + value }
        return wealth - 1
    }

    func annualReturn(total: Double, mean: Double, periods: Int, periodsPerYear: Double) -> Double {
        guard periods > 0 else { return .nan }
        guard isCompounded else { return mean * periodsPerYear }
        let wealth = 1 + total
        if wealth < 0 || (wealth == 0 && self == .empyrical) { return self == .empyrical ? -1 : .nan }
        return pow(wealth, periodsPerYear / Double(periods)) - 1
    }

    /// The risk-free rate of a period, from the rate as this profile takes it.
    func riskFreePerPeriod(_ rate: Double, periodsPerYear: Double) -> Double {
        self == .quantstats ? pow(1 + rate, 1 / periodsPerYear) - 1 : rate
    }

    /// What the Sortino ratio measures returns against, per period.
    func sortinoBase(riskFree: Double) -> Double { self == .quantstats ? riskFree : 0 }

    /// A Sharpe ratio: over a deviation of zero it is NaN, or what the library's plain division gives.
    func ratio(_ numerator: Double, _ denominator: Double) -> Double {
        denominator == 0 && self != .quantstats ? .nan : numerator / denominator
    }

    func skewness(_ moments: Moments) -> Double {
        guard self == .quantstats else { return moments.skewness }
        let n = Double(moments.count)
        guard n > 2 else { return .nan }
        return moments.skewness * (n * (n - 1)).squareRoot() / (n - 2)
    }

    /// Raw: 3 for the normal distribution.
    func kurtosis(_ moments: Moments) -> Double {
        guard self == .quantstats else { return moments.kurtosis }
        let n = Double(moments.count)
        guard n > 3 else { return .nan }
        return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * (moments.kurtosis - 3) + 6) + 3
    }

    /// The loss that one period in twenty exceeds, positive.
    func valueAtRisk95(sorted returns: [Double], _ moments: Moments) -> Double {
        guard self == .quantstats else { return -Quantile.type7(sorted: returns, 0.05) }
        let deviation = moments.standardDeviation()
        return deviation > 0 ? -(moments.mean + Normal.quantile(0.05) * deviation) : .nan
    }

    /// The mean loss of the worst twentieth, positive.
    func conditionalValueAtRisk95(sorted returns: [Double], _ moments: Moments) -> Double {
        guard self == .quantstats else { return Self.expectedShortfall(sorted: returns, share: 0.05) }
        let deviation = moments.standardDeviation()
        return deviation > 0 ? deviation * Normal.pdf(Normal.quantile(0.05)) / 0.05 - moments.mean : -moments.mean
    }

    /// -[Σ_{i <= q} r(i) + (k - q) r(q+1)] / k with k = share × n and q = ⌈k⌉ - 1, r(1) the smallest.
    private static func expectedShortfall(sorted returns: [Double], share: Double) -> Double {
        guard !returns.isEmpty else { return .nan }
        let k = share * Double(returns.count)
        let whole = max(0, Int(k.rounded(.up)) - 1)
        var sum = CompensatedSum()
        for value in returns[..<whole] { sum.add(value) }
        sum.add((k - Double(whole)) * returns[whole])
        return -sum.value / k
    }
}
