import Backtest
import MarketData
import Statistics
import Testing

/// The search for a look ahead finds none in what has none, and each of four planted ones.
@Suite struct CertificationTests {
    private func bars(_ count: Int = 120) throws -> Bars {
        var generator = SplitMix64(seed: 17)
        return try Markets.traded(&generator, count: count)
    }

    private func certify(
        trials: Int = 40, _ trace: (Bars) throws(BacktestError) -> StrategyTrace
    ) throws -> Certification {
        try Certification(bars: bars(), trials: trials, seed: 1, trace: trace)
    }

    private func column(_ name: String, _ values: [Double]) -> StrategyTrace {
        StrategyTrace(columns: [.init(name, values)], fills: [])
    }

    @Test func `rules, texts and features are clean`() throws {
        let rules: [RuleStrategy] = [
            .buyAndHold, .movingAverageCross(fast: 3, slow: 9, short: true),
            .rsiReversion(period: 5, lower: 40, upper: 60, exit: 50, short: true), .breakout(entry: 5, exit: 3, short: true),
            .text(try TextRule(parsing: "long 0.5 when close crosses above sma_5 and volume > volume[1]\nexit when rsi_3 > 70")),
        ]
        let limits = Limits(maxPosition: 2, maxDrawdown: 0.3, stopLoss: 0.04, participation: 0.5)
        for rule in rules {
            let certification = try certify { bars throws(BacktestError) in
                try StrategyTrace(
                    of: rule, over: PricedBars(bars), costs: Costs(commission: 0.001, rootImpact: 0.01), limits: limits)
            }
            // Impact and caps see the bar's own volume: what a market order pays in a bar is not known at its open.
            let allowed = certification.leaks.filter { $0.what != "fill" || $0.bar != $0.changedFrom }
            #expect(allowed.isEmpty, "\(rule): \(certification.leaks)")
            let plain = try certify { bars throws(BacktestError) in try StrategyTrace(of: rule, over: PricedBars(bars)) }
            #expect(plain.isClean && plain.trials == 40, "\(rule): \(plain.leaks)")
        }
        let names = try FeatureName.parse(["return_5", "rsi_4", "volatility_10", "bollinger_8", "macd"])
        let features = try certify { bars in
            let matrix = FeatureMatrix.compute(names, of: bars)
            return StrategyTrace(columns: names.indices.map { .init(names[$0].description, matrix.column($0)) }, fills: [])
        }
        #expect(features.isClean)
    }

    @Test func `a fill at the close it was decided on is found`() throws {
        let found = try certify { bars in
            // Buys whenever the close rises, at that very close.
            let rises = bars.close.indices.dropFirst().filter { bars.close[$0] > bars.close[$0 - 1] }
            return StrategyTrace(columns: [], fills: rises.map { .init(bar: $0, shares: 1, price: bars.close[$0]) })
        }
        #expect(found.leaks.map(\.what) == ["fill"] && found.leaks[0].bar == found.leaks[0].changedFrom)
    }

    @Test func `a centred window is found`() throws {
        let found = try certify { bars in
            let close = bars.close
            return column(
                "smoothed",
                close.indices.map { i in
                    let around = close[max(0, i - 2)...min(close.count - 1, i + 2)]
                    return around.reduce(0, +) / Double(around.count)
                })
        }
        #expect(found.leaks.map(\.what) == ["smoothed"] && found.leaks[0].changedFrom - found.leaks[0].bar <= 2)
    }

    @Test func `a scaler fitted on everything is found`() throws {
        let found = try certify(trials: 3) { bars in
            let moments = Moments(bars.close)
            return column("scaled", bars.close.map { ($0 - moments.mean) / moments.standardDeviation() })
        }
        // Every value moves, from the first bar on.
        #expect(found.leaks.map(\.what) == ["scaled"])
    }

    @Test func `labels that reach into the test are found, and purged ones are not`() throws {
        func decisions(_ bars: Bars, purge: Int) -> [Double] {
            let close = bars.close, horizon = 5
            var decisions = [Double](repeating: 0, count: close.count)
            // Fitted before bar 60 on returns five bars ahead, used from 60 on.
            let mean = (0..<(60 - purge)).reduce(0.0) { $0 + close[$1 + horizon] / close[$1] - 1 }
            for i in 60..<close.count { decisions[i] = mean > 0 ? close[i] : -close[i] }
            // The fitted number itself is what must not know the test.
            decisions[60] += mean
            return decisions
        }
        let leaking = try certify(trials: 400) { bars in column("prediction", decisions(bars, purge: 0)) }
        #expect(leaking.leaks.map(\.what) == ["prediction"] && leaking.leaks[0].bar == 60)
        let purged = try certify(trials: 400) { bars in column("prediction", decisions(bars, purge: 5)) }
        #expect(purged.isClean)
    }

    @Test func `what tells nothing is refused`() throws {
        #expect(throws: BacktestError.self) { try certify(trials: 0) { _ in column("none", []) } }
        let short = try bars(2)
        #expect(throws: BacktestError.self) { try Certification(bars: short, trials: 1, seed: 1) { _ in column("none", []) } }
        var calls = 0.0
        #expect(throws: BacktestError.self) {
            try certify { _ in
                calls += 1
                return column("changing", [calls])
            }
        }
    }
}
