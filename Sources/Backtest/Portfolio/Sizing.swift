import Diagnostics

/// How a portfolio's signals become weights: signed fractions of the whole equity.
///
/// A signal is what a strategy decides for one series by itself, such as 1 for long and -1 for short; a weight is what is held.
/// Weights are cut to the position cap, and all of them scaled down together to the gross limit.
package struct Sizing: Sendable, Hashable {
    /// What a series with a signal of 1 is given.
    package enum Kind: Sendable, Hashable {
        /// `size` of equity; nil for an equal share for every series there is.
        case fixed(size: Double?)
        /// An equal share of equity for every series that has a signal now.
        case equal
        /// As much as moves equity by `target` a year over the number of series, by the volatility of the last `window` returns:
        /// all of them moving together move equity by `target`.
        case volatility(target: Double, window: Int)
        /// `fraction` of what grows fastest, mean over variance of the last `window` returns, up to `cap`; nothing where the
        /// mean speaks against the signal (Kelly 1956; Thorp 2006, each series as if by itself).
        case kelly(fraction: Double, window: Int, cap: Double)
    }

    package var kind: Kind
    /// Every so many bars of the calendar all weights are found anew and all positions brought back to them; nil for never. In
    /// between, a series is sized when its signal changes, and when its weight does.
    package var rebalance: Int?

    package init(_ kind: Kind, rebalance: Int? = nil) {
        self.kind = kind
        self.rebalance = rebalance
    }

    /// An equal share of equity for each series.
    package static let shares = Sizing(.fixed(size: nil))

    /// The returns that a window may have.
    package static let windows = 2...5_000

    /// The returns before the first bar that the first weights take.
    package var lookback: Int {
        switch kind {
        case .fixed, .equal: 0
        case .volatility(_, let window), .kelly(_, let window, _): window
        }
    }

    /// Throws `E_SIZING_RANGE`, placed at the key.
    package func validate() throws(BacktestError) {
        func check(_ holds: Bool, _ key: String, _ value: String, _ range: String, _ hint: String) throws(BacktestError) {
            guard !holds else { return }
            throw BacktestError(.sizingRange, "\(key) is \(value), but it is \(range)", place: .key("/\(key)"), hint: hint)
        }
        func checkWindow(_ window: Int) throws(BacktestError) {
            try check(
                Self.windows.contains(window), "window", "\(window)", "from 2 to 5000", "60 looks at the last 60 returns")
        }
        switch kind {
        case .fixed(let size):
            if let size {
                try check(
                    size > 0 && size <= Limits.largestPosition, "size", "\(size)", "above 0 and at most 4",
                    "0.1 gives each series a tenth of equity")
            }
        case .equal: break
        case .volatility(let target, let window):
            try check(target > 0 && target <= 10, "target", "\(target)", "above 0 and at most 10", "0.1 is 10 % a year")
            try checkWindow(window)
        case .kelly(let fraction, let window, let cap):
            try check(fraction > 0 && fraction <= 1, "fraction", "\(fraction)", "above 0 and at most 1", "0.5 is half Kelly")
            try check(
                cap > 0 && cap <= Limits.largestPosition, "cap", "\(cap)", "above 0 and at most 4",
                "0.2 gives no series more than a fifth of equity")
            try checkWindow(window)
        }
        if let rebalance {
            try check(
                (1...1_000_000).contains(rebalance), "rebalance", "\(rebalance)", "from 1 to 1000000",
                "21 is once a month of days"
            )
        }
    }
}
