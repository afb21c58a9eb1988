import Backtest
import MarketData
import Statistics
import Testing

@Suite struct StressTests {
    private func market(_ series: Int, count: Int = 400) throws -> [PricedBars] {
        var generator = SplitMix64(seed: 23)
        return try (0..<series).map { _ in try PricedBars(Markets.traded(&generator, count: count, volatility: 0.01)) }
    }

    private func returns(_ prices: PricedBars) -> [Double] {
        zip(prices.bars.close.dropFirst(), prices.bars.close).map { $0 / $1 - 1 }
    }

    private func apply(
        _ shock: Shock, _ market: [PricedBars], _ costs: Costs = .none
    ) throws -> (market: [PricedBars], costs: Costs) {
        try shock.applied(to: market, costs: costs, seed: 5)
    }

    @Test func `a crash takes its share of the price and gives it back`() throws {
        let before = try market(1)
        let after = try apply(.crash(magnitude: 0.4, bars: 10, recovery: 50), before).market
        let kept = zip(after[0].bars.close, before[0].bars.close).map { $0 / $1 }
        #expect(abs((kept.min() ?? 0) - 0.6) < 1e-12 && kept[0] == 1 && kept[399] == 1)
        #expect(kept.count { $0 < 1 - 1e-9 } == 59)
        let forGood = try apply(.crash(magnitude: 0.4, bars: 10, recovery: 0), before).market
        #expect(abs(forGood[0].bars.close[399] / before[0].bars.close[399] - 0.6) < 1e-12)
    }

    @Test func `volatility multiplies moves around their mean`() throws {
        let before = try market(1), after = try apply(.volatility(multiplier: 3), before).market
        let ratio = Moments(returns(after[0])).standardDeviation() / Moments(returns(before[0])).standardDeviation()
        #expect(abs(ratio - 3) < 1e-9)
        #expect(abs(Moments(returns(after[0])).mean - Moments(returns(before[0])).mean) < 1e-12)
    }

    @Test func `correlation rises to one with the whole share`() throws {
        let before = try market(4)
        func mean(_ market: [PricedBars]) -> Double { CorrelationMatrix(market.map(returns)).meanOffDiagonal }
        #expect(abs(mean(before)) < 0.1)
        #expect(try mean(apply(.correlation(share: 0.8), before).market) > 0.7)
        #expect(try mean(apply(.correlation(share: 1), before).market) > 1 - 1e-9)
    }

    @Test func `a drought takes volume and widens the spread`() throws {
        let before = try market(1)
        let after = try apply(.drought(volume: 0.1, spread: 5), before, Costs(slippage: 0.001, spread: 0.03))
        #expect(
            after.market[0].bars.volume[7] == before[0].bars.volume[7] * 0.1 && after.market[0].bars.close == before[0].bars.close
        )
        #expect(after.costs.slippage == 0.005 && after.costs.spread == 0.1)
    }

    @Test func `gaps open away from the close before`() throws {
        let before = try market(1), after = try apply(.gaps(size: 0.05, every: 20), before).market[0].bars
        for bar in stride(from: 20, to: 400, by: 20) {
            #expect(abs(abs(after.open[bar] / after.close[bar - 1] - 1) - 0.05) < 1e-12)
        }
    }

    @Test func `every shock leaves bars that are bars, and the same each time`() throws {
        let before = try market(3)
        for shock in Shock.suite {
            let (after, _) = try apply(shock, before)
            let (again, _) = try apply(shock, before)
            for (prices, same) in zip(after, again) {
                let bars = prices.bars
                #expect(bars.close == same.bars.close && bars.open == same.bars.open)
                for i in bars.close.indices {
                    let slack = 1e-12 * bars.high[i]
                    #expect(
                        bars.low[i] <= min(bars.open[i], bars.close[i]) + slack
                            && bars.high[i] >= max(bars.open[i], bars.close[i]) - slack)
                }
            }
        }
        for bad in [
            Shock.crash(magnitude: 1, bars: 1, recovery: 1), .crash(magnitude: 0.1, bars: 0, recovery: 1),
            .volatility(multiplier: .nan),
            .correlation(share: 2), .drought(volume: 0, spread: 1), .gaps(size: 0.1, every: 0),
        ] {
            #expect(throws: BacktestError.self) { try apply(bad, before) }
        }
    }

    @Test func `a strategy that is never invested is untouched, and one that is fully invested is not`() throws {
        let market = try market(1)
        func report(_ target: Double) throws -> StressReport {
            try StressReport(market: market, costs: .none, seed: 3) { market, costs throws(BacktestError) in
                try Engine.run(market[0], targets: [Double](repeating: target, count: market[0].count), costs: costs)
            }
        }
        let invested = try report(1)
        #expect(invested.outcomes.map(\.shock.name) == ["crash", "volatility", "correlation", "drought", "gaps"])
        #expect(invested.outcomes.allSatisfy { (0...1).contains($0.score) } && (0...100).contains(invested.resilience))
        #expect(invested.outcomes[0].performance.maxDrawdown < -0.34)
        // Nothing lost, always at the highest, but no Sharpe ratio to keep.
        #expect(abs(try report(0).resilience - 200.0 / 3) < 1e-9)
        #expect(try report(0.2).outcomes[0].score > invested.outcomes[0].score)
    }
}
