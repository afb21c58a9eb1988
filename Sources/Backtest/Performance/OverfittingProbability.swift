import Diagnostics
import Foundation
import Statistics

/// The probability that picking the best trial is overfitting: how often the trial that is best on one half of the periods
/// is below the median on the other half.
///
/// Combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado and Zhu, "The probability of backtest
/// overfitting", Journal of Computational Finance 20, 2017), judged by the Sharpe ratio.
package struct OverfittingProbability: Sendable, Hashable {
    /// The share of splits in which the chosen trial ranks at or below the median out of sample (PBO).
    package let probability: Double
    /// The share of splits in which the chosen trial loses out of sample.
    package let lossProbability: Double
    /// The slope of the line through the chosen trials' Sharpe ratios, out of sample on in sample.
    package let slope: Double
    /// ln(ω/(1 - ω)) of each split, with ω the rank out of sample over N + 1. A split is followed by its mirror image.
    package let logits: [Double]
    /// The number of splits: blocks choose half of them.
    package var splits: Int { logits.count }

    /// The block counts that can be asked for: even ones from 2 to 20.
    package static let blocksRange = 2...20

    /// Splits `returns`, one series of equal length for each trial, into `blocks` blocks in order of time, and tries every half
    /// of the blocks as the sample to choose on. Periods that do not fill the blocks are dropped from the front.
    ///
    /// A trial that does not move in a half has Sharpe ratio 0 there; equal ratios share the mean of their ranks. Throws
    /// `E_TRIALS_SHAPE` for fewer than two trials, an odd or impossible number of blocks, fewer than two periods a block, or
    /// lengths that differ, and `E_RETURNS_NOT_FINITE`.
    package init(returns: [[Double]], blocks: Int = 16) throws(BacktestError) {
        try BacktestError.checkTrials(returns)
        guard returns.count > 1 else {
            throw BacktestError(
                .trialsShape, "there is one trial, but overfitting needs a choice", hint: "give two trials or more")
        }
        guard Self.blocksRange.contains(blocks), blocks.isMultiple(of: 2) else {
            throw BacktestError(
                .trialsShape, "there are \(blocks) blocks, but their number is even, from 2 to 20", place: .key("/blocks"),
                hint: "16 is usual")
        }
        let length = returns[0].count / blocks
        guard length > 1 else {
            throw BacktestError(
                .trialsShape, "\(returns[0].count) returns do not fill \(blocks) blocks of two", place: .key("/blocks"),
                hint: "use fewer blocks or a longer record")
        }
        var search = SplitSearch(BlockSums(returns, blocks: blocks, length: length))
        search.run()
        let chosen = search.chosen
        let count = Double(chosen.count)
        logits = chosen.map { log($0.rank / (Double(returns.count) + 1 - $0.rank)) }
        probability = Double(chosen.count { $0.rank <= (Double(returns.count) + 1) / 2 }) / count
        lossProbability = Double(chosen.count { $0.outside < 0 }) / count
        slope = Self.slope(chosen)
    }

    private static func slope(_ chosen: [SplitSearch.Chosen]) -> Double {
        let n = Double(chosen.count)
        let x = CompensatedSum.of(chosen.map(\.inside)) / n, y = CompensatedSum.of(chosen.map(\.outside)) / n
        var xy = CompensatedSum(), xx = CompensatedSum()
        for split in chosen {
            xy.add((split.inside - x) * (split.outside - y))
            xx.add((split.inside - x) * (split.inside - x))
        }
        return xx.value > 0 ? xy.value / xx.value : .nan
    }
}
