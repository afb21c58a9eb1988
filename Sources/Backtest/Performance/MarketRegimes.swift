import Statistics

/// The regime of a market at each bar, from its returns up to that bar: whether it has risen or fallen over a window, and
/// whether it was calmer or wilder in it than it was in half of the windows so far.
package enum MarketRegimes {
    /// About a quarter of days.
    package static let window = 63

    /// One name for each return: `rising, calm`, `rising, wild`, `falling, calm`, `falling, wild`, and `unknown` before there
    /// is a whole window.
    package static func names(_ returns: [Double], window: Int = MarketRegimes.window) -> [String] {
        var names: [String] = []
        // The deviations so far, in order of size.
        var deviations: [Double] = []
        for bar in returns.indices {
            guard window > 1, bar + 1 >= window else {
                names.append("unknown")
                continue
            }
            let part = returns[(bar + 1 - window)...bar]
            let deviation = Moments(Array(part)).standardDeviation()
            var (low, high) = (0, deviations.count)
            while low < high {
                let middle = (low + high) / 2
                if deviations[middle] < deviation { low = middle + 1 } else { high = middle }
            }
            deviations.insert(deviation, at: low)
            let isWild = deviation > deviations[(deviations.count - 1) / 2]
            let isRising = part.reduce(1) { $0 * (1 + $1) } > 1
            names.append("\(isRising ? "rising" : "falling"), \(isWild ? "wild" : "calm")")
        }
        return names
    }
}
