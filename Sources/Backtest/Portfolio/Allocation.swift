import MarketData
import Statistics

/// What a portfolio means to hold: the weight of each series at each close of the calendar, decided from signals and from prices
/// up to that close, and from nothing else.
package struct Allocation: Sendable {
    /// By series and bar: a signed fraction of equity.
    let weights: [[Double]]
    /// By series and bar: whether its signal is another one than at the close before.
    private let changes: [[Bool]]
    private let rebalance: Int?

    /// `signals` has one value for each bar of each series. `history` are the closes before the universe's first bar, for sizings
    /// that look back; without enough of them weights stay zero until there are.
    ///
    /// Throws `E_SIZING_RANGE`, `E_LIMITS_RANGE`, `E_TARGETS_COUNT` or `E_TARGET_NOT_FINITE`.
    package init(
        signals: [[Double]], universe: Universe, sizing: Sizing = .shares, limits: Limits = .none, history: [[Double]] = [],
        periodsPerYear: Double = 252
    ) throws(BacktestError) {
        try sizing.validate()
        try limits.validate()
        guard signals.count == universe.series.count else {
            throw BacktestError(.targetsCount, "signals for \(signals.count) of \(universe.series.count) series")
        }
        var carried: [[Double]] = []
        for number in signals.indices { carried.append(try universe.carried(signals[number], of: number)) }
        let count = universe.count
        let sizer = Sizer(universe: universe, sizing: sizing, history: history, periodsPerYear: periodsPerYear)
        var weights = carried.map { _ in [Double](repeating: 0, count: count) }
        var changes = carried.map { _ in [Bool](repeating: false, count: count) }
        // The size of a signal of 1 or -1, from when it was last found.
        var sizes = [Double](repeating: 0, count: carried.count)
        for bar in 0..<count {
            let isDue = sizing.rebalance.map { bar.isMultiple(of: $0) } ?? false
            let active = carried.count { $0[bar] != 0 }
            var gross = 0.0
            for number in carried.indices {
                let signal = carried[number][bar]
                let isNew = signal != (bar > 0 ? carried[number][bar - 1] : 0)
                changes[number][bar] = isNew
                if isNew || isDue || sizing.kind == .equal {
                    sizes[number] = sizer.size(of: number, signal: signal, bar: bar, active: active)
                }
                let cap = limits.positionCap
                let weight = min(max(signal * sizes[number], -cap), cap)
                weights[number][bar] = weight
                gross += abs(weight)
            }
            guard gross > limits.grossCap else { continue }
            for number in carried.indices { weights[number][bar] *= limits.grossCap / gross }
        }
        self.weights = weights
        self.changes = changes
        rebalance = sizing.rebalance
    }

    /// The weight to go for at the next open, at the close of `bar`; nil to leave the position as it is.
    ///
    /// `last` is the weight that was gone for before. A position that the limits have closed, or that found no room, stays
    /// closed until its signal changes.
    func order(_ number: Int, _ bar: Int, last: Double, isFlat: Bool, isPending: Bool) -> Double? {
        let weight = weights[number][bar]
        let isDue = rebalance.map { bar.isMultiple(of: $0) } ?? false
        guard weight != last || isDue && weight != 0 else { return nil }
        let isShut = last != 0 && isFlat && !isPending && !changes[number][bar]
        return isShut && weight != 0 ? nil : weight
    }
}

/// Finds the sizes of positions from the prices of a universe.
private struct Sizer {
    let universe: Universe
    let sizing: Sizing
    let history: [[Double]]
    let periodsPerYear: Double

    /// What a signal of 1 is worth at the close of `bar`.
    func size(of number: Int, signal: Double, bar: Int, active: Int) -> Double {
        guard signal != 0 else { return 0 }
        switch sizing.kind {
        case .fixed(let size): return size ?? 1 / Double(universe.series.count)
        case .equal: return 1 / Double(max(1, active))
        case .volatility(let target, let window):
            guard let (_, deviation) = moments(number, bar, window), deviation > 0 else { return 0 }
            return target / (Double(universe.series.count) * deviation * periodsPerYear.squareRoot())
        case .kelly(let fraction, let window, let cap):
            guard let (mean, deviation) = moments(number, bar, window), deviation > 0 else { return 0 }
            return min(max(fraction * (signal > 0 ? mean : -mean) / (deviation * deviation), 0), cap)
        }
    }

    /// Mean and standard deviation (ddof 1) of the last `window` returns of a series' own bars; nil when there are fewer.
    private func moments(_ number: Int, _ bar: Int, _ window: Int) -> (mean: Double, deviation: Double)? {
        var closes: [Double] = []
        closes.reserveCapacity(window + 1)
        var place = bar
        while place >= 0, closes.count <= window {
            if universe.isTraded(number, place) { closes.append(universe.adjusted[number][place]) }
            place -= 1
        }
        let before = history.indices.contains(number) ? history[number] : []
        closes += before.suffix(window + 1 - closes.count).reversed()
        guard closes.count == window + 1 else { return nil }
        // The newest one comes first.
        let returns = (0..<window).map { closes[$0] / closes[$0 + 1] - 1 }
        let moments = Moments(returns)
        return (moments.mean, moments.standardDeviation())
    }
}
