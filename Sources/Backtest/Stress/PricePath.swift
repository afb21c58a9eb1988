import MarketData

/// A series as closes and the other prices relative to them, so that the path can be bent while every bar keeps its shape.
struct PricePath {
    private let original: Bars
    private var close: [Double]
    /// Open, high and low over the close of their bar.
    private var open: [Double]
    private var high: [Double]
    private var low: [Double]
    var volume: [Double]

    init(_ bars: Bars) {
        original = bars
        close = bars.close
        open = zip(bars.open, bars.close).map(/)
        high = zip(bars.high, bars.close).map(/)
        low = zip(bars.low, bars.close).map(/)
        volume = bars.volume
    }

    var count: Int { close.count }

    /// close / close before - 1; 0 at the first bar.
    var returns: [Double] { close.indices.map { $0 > 0 ? close[$0] / close[$0 - 1] - 1 : 0 } }

    /// Scales each bar by the factor of its index.
    mutating func scale(_ factor: (Int) -> Double) {
        for bar in close.indices { close[bar] *= factor(bar) }
    }

    /// Gives each bar the return that `change` makes of its index and its return; no bar loses more than 99 %.
    mutating func move(_ change: (Int, Double) -> Double) {
        let returns = returns
        for bar in close.indices.dropFirst() { close[bar] = close[bar - 1] * (1 + max(-0.99, change(bar, returns[bar]))) }
    }

    /// Makes each bar's range wider by a factor, within what prices can be.
    mutating func widen(by factor: Double) {
        for bar in close.indices {
            open[bar] = max(0.01, 1 + factor * (open[bar] - 1))
            high[bar] = max(1, open[bar], 1 + factor * (high[bar] - 1))
            low[bar] = min(1, open[bar], max(0.005, 1 + factor * (low[bar] - 1)))
        }
    }

    /// Opens a bar at `factor` times the close before, its range reaching that far.
    mutating func gap(at bar: Int, _ factor: Double) {
        open[bar] = close[bar - 1] * factor / close[bar]
        high[bar] = max(high[bar], open[bar])
        low[bar] = min(low[bar], open[bar])
    }

    func bars() throws(BacktestError) -> Bars {
        do throws(MarketDataError) {
            return try Bars(
                symbol: original.symbol, time: original.time, open: zip(open, close).map(*), high: zip(high, close).map(*),
                low: zip(low, close).map(*), close: close, adjustedClose: close, volume: volume)
        } catch {
            throw BacktestError(.stressShock, error.message)
        }
    }
}
