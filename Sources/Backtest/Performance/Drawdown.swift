/// A stretch of bars during which wealth was below an earlier peak.
package struct Drawdown: Sendable, Hashable, Codable {
    /// The lowest wealth over the peak, less 1: below zero.
    package var depth: Double
    /// The index of the return that reached the peak; -1 when the peak is the start, before the first return.
    package var peak: Int
    /// The index of the return that reached the lowest wealth.
    package var trough: Int
    /// The index of the first return that brought wealth back to the peak; nil when the data ended before.
    package var recovery: Int?
    /// From the peak to the recovery, or to the last return when still open, in bars.
    package var bars: Int

    /// Whether wealth was still below the peak at the last return.
    package var isOpen: Bool { recovery == nil }

    /// The index of the return where the stretch ends.
    package var end: Int { peak + bars }

    /// The deepest and the longest drawdown of `returns`; nil when there is none.
    ///
    /// Compounded from a wealth of 1, which counts as a peak; of equal ones the first counts, and wealth that falls to zero or
    /// below stays there. In a profile that sums returns, depth is the fall of the sum from its highest value, the start not
    /// counted.
    package static func extremes(
        of returns: [Double], profile: Convention = .empyrical
    ) -> (deepest: Drawdown, longest: Drawdown)? {
        let isCompounded = profile.isCompounded
        var deepest: Drawdown?
        var longest: Drawdown?
        var current: Drawdown?
        var wealth = isCompounded ? 1.0 : 0
        var high = isCompounded ? 1.0 : -.infinity
        var peak = -1

        func finish(_ drawdown: Drawdown) {
            if drawdown.depth < deepest?.depth ?? 0 { deepest = drawdown }
            if drawdown.bars > longest?.bars ?? 0 { longest = drawdown }
        }

        for i in returns.indices {
            if !isCompounded { wealth += returns[i] } else if wealth > 0 { wealth *= 1 + returns[i] }
            if wealth >= high {
                if var ended = current {
                    ended.recovery = i
                    ended.bars = i - peak
                    finish(ended)
                    current = nil
                }
                high = wealth
                peak = i
            } else {
                let depth = isCompounded ? wealth / high - 1 : wealth - high
                var drawdown = current ?? Drawdown(depth: 0, peak: peak, trough: i, recovery: nil, bars: 0)
                if depth < drawdown.depth {
                    drawdown.depth = depth
                    drawdown.trough = i
                }
                current = drawdown
            }
        }
        if var open = current {
            open.bars = returns.count - 1 - peak
            finish(open)
        }
        guard let deepest, let longest else { return nil }
        return (deepest, longest)
    }
}
