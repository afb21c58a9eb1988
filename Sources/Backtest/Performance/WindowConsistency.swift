import Statistics

/// How evenly a walk-forward's out-of-sample result comes from its windows. NaN without windows.
package struct WindowConsistency: Sendable, Hashable {
    /// The share of windows whose total return is above zero.
    package let winningShare: Double
    /// The standard deviation (ddof 1) of the windows' annualised Sharpe ratios, of those that have one.
    package let sharpeDeviation: Double

    package init(_ windows: [Performance]) {
        winningShare = Double(windows.count { $0.totalReturn > 0 }) / Double(windows.count)
        sharpeDeviation = Moments(windows.map(\.sharpe).filter(\.isFinite)).standardDeviation()
    }
}
