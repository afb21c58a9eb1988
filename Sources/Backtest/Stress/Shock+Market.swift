import MarketData
import Statistics

extension Shock {
    /// The market after the shock: series in adjusted prices, and the costs of trading in it. A crash begins at a seeded bar in the
    /// middle half; gaps are seeded too.
    ///
    /// Only bars of equal index are taken to be of one time, as they are in series of one calendar. Throws `E_STRESS_SHOCK` and
    /// `E_BAR_PRICE`.
    package func applied(
        to market: [PricedBars], costs: Costs, seed: UInt64
    ) throws(BacktestError) -> (market: [PricedBars], costs: Costs) {
        try validate()
        let count = market.map(\.count).min() ?? 0
        var costs = costs
        var generator = SplitMix64(seed: seed)
        let start = count / 4 + Int(generator.integer(below: UInt64(max(1, count / 2))))
        var shocked: [PricedBars] = []
        let mean = Self.meanReturns(market, count)
        for prices in market {
            var series = PricePath(prices.bars)
            switch self {
            case .crash(let magnitude, let bars, let recovery):
                series.scale { Self.depth(at: $0 - start, magnitude, bars, recovery) }
            case .volatility(let multiplier):
                let average = Moments(series.returns.dropFirst().map { $0 }).mean
                series.move { _, move in average + multiplier * (move - average) }
                series.widen(by: multiplier)
            case .correlation(let share):
                series.move { bar, move in bar < count ? (1 - share) * move + share * mean[bar] : move }
            case .drought(let volume, _): series.volume = series.volume.map { $0 * volume }
            case .gaps(let size, let every):
                for bar in stride(from: every, to: series.count, by: every) {
                    series.gap(at: bar, generator.uniform() < 0.5 ? 1 - size : 1 + size)
                }
            }
            shocked.append(try PricedBars(series.bars()))
        }
        if case .drought(_, let spread) = self {
            costs.spread = min(Costs.range.upperBound, costs.spread * spread)
            costs.slippage = min(Costs.range.upperBound, costs.slippage * spread)
        }
        return (shocked, costs)
    }

    /// The share of its price that a market keeps, so many bars after the crash began.
    private static func depth(at bar: Int, _ magnitude: Double, _ bars: Int, _ recovery: Int) -> Double {
        if bar < 0 { return 1 }
        if bar < bars { return 1 - magnitude * Double(bar + 1) / Double(bars) }
        let back = bar - bars + 1
        return recovery > 0 ? 1 - magnitude * max(0, 1 - Double(back) / Double(recovery)) : 1 - magnitude
    }

    private static func meanReturns(_ market: [PricedBars], _ count: Int) -> [Double] {
        var mean = [Double](repeating: 0, count: count)
        for prices in market {
            let returns = PricePath(prices.bars).returns
            for bar in 0..<count { mean[bar] += returns[bar] / Double(market.count) }
        }
        return mean
    }
}
