/// What a run under a shock is scored by.
///
/// The score is the mean of three parts, each from 0 to 1: `1 - min(1, |max drawdown| / limit)`; the share of the bars until
/// equity was at its highest for the last time; and the Sharpe ratio under the shock over that without it, cut to 0...1 (1 when
/// there was none to lose, and 0 when it is not known).
package struct ShockMeasure: Sendable, Hashable {
    /// NaN when it is not known.
    package let sharpe: Double
    /// Zero or negative.
    package let maxDrawdown: Double
    /// The share of the bars until equity was at its highest for the last time.
    package let recovered: Double

    package init(sharpe: Double, maxDrawdown: Double, recovered: Double) {
        self.sharpe = sharpe
        self.maxDrawdown = maxDrawdown
        self.recovered = recovered
    }

    /// From 0 to 1; `drawdownLimit` is the drawdown that scores nothing, `baseSharpe` the Sharpe ratio without the shock.
    package func score(baseSharpe: Double, drawdownLimit: Double) -> Double {
        let depth = 1 - min(1, -maxDrawdown / drawdownLimit)
        let kept: Double =
            if !(baseSharpe > 0) { baseSharpe.isNaN ? 0 : 1 } else { sharpe.isNaN ? 0 : sharpe / baseSharpe }
        return (depth + recovered + min(1, max(0, kept))) / 3
    }
}

extension BacktestResult {
    /// The share of the bars until equity was at its highest for the last time.
    package var recoveredShare: Double {
        guard let highest = equity.max(), let last = equity.lastIndex(of: highest) else { return 0 }
        return Double(last + 1) / Double(equity.count)
    }
}
