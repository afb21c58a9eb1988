import Backtest
import Diagnostics
import MarketData
import Statistics
import Testing

@Suite struct RuleStrategyTests {
    private static let all: [RuleStrategy] = [
        .buyAndHold, .movingAverageCross(fast: 3, slow: 8, short: false), .movingAverageCross(fast: 1, slow: 5, short: true),
        .rsiReversion(period: 5, lower: 35, upper: 65, exit: 50, short: true),
        .rsiReversion(period: 5, lower: 35, upper: 65, exit: 50, short: false),
        .breakout(entry: 7, exit: 4, short: false), .breakout(entry: 4, exit: 9, short: true),
    ]

    private func market(_ seed: UInt64, count: Int = 300) throws -> Bars {
        var generator = SplitMix64(seed: Seed.derive(30, seed))
        return try Markets.random(&generator, count: count)
    }

    private func mean(_ values: ArraySlice<Double>) -> Double { values.reduce(0, +) / Double(values.count) }

    @Test func `the cross follows the averages of the last closes`() throws {
        let bars = try market(1)
        for short in [false, true] {
            let targets = try RuleStrategy.movingAverageCross(fast: 5, slow: 20, short: short).targets(bars: bars)
            for i in bars.close.indices {
                let up = i >= 19 && mean(bars.close[(i - 4)...i]) > mean(bars.close[(i - 19)...i])
                #expect(targets[i] == (i < 19 ? 0 : (up ? 1 : (short ? -1 : 0))), "bar \(i)")
            }
        }
    }

    @Test func `a price that stands still does not trade on rounding`() throws {
        let bars = try Markets.flat([Double](repeating: 0.1, count: 200) + [Double](repeating: 33.3, count: 200))
        let targets = try RuleStrategy.movingAverageCross(fast: 7, slow: 30, short: true).targets(bars: bars)
        #expect(targets[..<200].allSatisfy { $0 == 0 } && targets[200...228].allSatisfy { $0 == 1 })
        #expect(targets[230...].allSatisfy { $0 == 0 })
    }

    @Test func `the relative strength index buys weakness and sells strength`() throws {
        let bars = try market(2)
        let period = 5
        // The index by its definition, from scratch for every bar.
        func index(_ last: Int) -> Double {
            let changes = (1...last).map { bars.close[$0] - bars.close[$0 - 1] }
            var gain = changes.prefix(period).reduce(0) { $0 + max($1, 0) } / Double(period)
            var loss = changes.prefix(period).reduce(0) { $0 - min($1, 0) } / Double(period)
            for change in changes.dropFirst(period) {
                gain = (gain * Double(period - 1) + max(change, 0)) / Double(period)
                loss = (loss * Double(period - 1) - min(change, 0)) / Double(period)
            }
            return 100 - 100 / (1 + gain / loss)
        }
        let targets = try RuleStrategy.rsiReversion(period: period, lower: 35, upper: 65, exit: 50, short: true).targets(
            bars: bars)
        var target = 0.0
        for i in bars.close.indices {
            if i >= period {
                let value = index(i)
                if value < 35 { target = 1 } else if value > 65 { target = -1 } else if target * (value - 50) > 0 { target = 0 }
            }
            #expect(targets[i] == target, "bar \(i)")
        }
        #expect(Set(targets) == [-1, 0, 1])
    }

    @Test func `the breakout follows the channels of the bars before`() throws {
        let bars = try market(3)
        for (entry, exit, short) in [(20, 10, false), (6, 15, true), (1, 1, true)] {
            let targets = try RuleStrategy.breakout(entry: entry, exit: exit, short: short).targets(bars: bars)
            var target = 0.0
            for i in bars.close.indices {
                func high(_ window: Int) -> Double { bars.high[max(0, i - window)..<i].max() ?? .infinity }
                func low(_ window: Int) -> Double { bars.low[max(0, i - window)..<i].min() ?? -.infinity }
                if target > 0, bars.close[i] < low(exit) { target = 0 }
                if target < 0, bars.close[i] > high(exit) { target = 0 }
                if i >= entry, bars.close[i] > high(entry) {
                    target = 1
                } else if i >= entry, short, bars.close[i] < low(entry) {
                    target = -1
                }
                #expect(targets[i] == target, "bar \(i) of \(entry)/\(exit)")
            }
            #expect(Set(targets).count == (short ? (entry == 1 ? Set(targets).count : 3) : 2))
        }
    }

    @Test func `no target depends on a later bar, and none comes before the lookback`() throws {
        for strategy in Self.all {
            let bars = try market(4), other = try market(5)
            let targets = try strategy.targets(bars: bars)
            #expect(targets.count == bars.count && targets.allSatisfy { abs($0) <= 1 })
            #expect(targets.prefix(strategy.lookback).allSatisfy { $0 == 0 }, "\(strategy)")
            for last in [0, 1, 10, 57, 123, 298] {
                let mixed = try Markets.bars(
                    (0..<300).map { i in
                        let from = i <= last ? bars : other
                        return [from.open[i], from.high[i], from.low[i], from.close[i]]
                    })
                #expect(try strategy.targets(bars: mixed)[...last] == targets[...last], "\(strategy) bar \(last)")
                #expect(
                    try strategy.targets(bars: bars.slice(0..<(last + 1))) == Array(targets[...last]), "\(strategy) bar \(last)")
            }
            #expect(try strategy.targets(bars: bars.slice(0..<0)).isEmpty)
        }
    }

    @Test func `rules see adjusted prices`() throws {
        let steady = [Double](repeating: 50, count: 60)
        let split = (0..<60).map { $0 < 30 ? 100.0 : 50 }
        let bars = try Bars(
            symbol: "SPLIT", time: (0..<60).map { Int64($0) }, open: split, high: split, low: split, close: split,
            adjustedClose: steady, volume: steady)
        for strategy in Self.all where strategy != .buyAndHold {
            #expect(try strategy.targets(bars: bars).allSatisfy { $0 == 0 }, "\(strategy)")
        }
    }

    @Test func `a rule is made from its kind and parameters`() throws {
        #expect(try RuleStrategy(kind: "buyAndHold", parameters: [:]) == .buyAndHold)
        #expect(
            try RuleStrategy(kind: "movingAverageCross", parameters: ["fast": 10, "slow": 50])
                == .movingAverageCross(fast: 10, slow: 50, short: false))
        #expect(
            try RuleStrategy(kind: "rsiReversion", parameters: ["short": 1])
                == .rsiReversion(period: 14, lower: 30, upper: 70, exit: 50, short: true))
        #expect(try RuleStrategy(kind: "breakout", parameters: ["entry": 55]) == .breakout(entry: 55, exit: 10, short: false))
        #expect(try RuleStrategy(kind: "movingAverageCross", parameters: ["fast": 10, "slow": 50]).lookback == 49)
        for kind in RuleStrategy.kinds {
            for parameter in try RuleStrategy.schema(kind) {
                if let value = parameter.defaultValue { try parameter.check(value) }
            }
        }
    }

    @Test func `wrong kinds and parameters are refused with what was meant`() throws {
        func refusal(_ kind: String, _ parameters: [String: Double]) -> BacktestError? {
            do { _ = try RuleStrategy(kind: kind, parameters: parameters) } catch { return error }
            return nil
        }
        #expect(refusal("buyAndHodl", [:])?.hint == "did you mean buyAndHold?")
        #expect(refusal("buyAndHodl", [:])?.code == "E_STRATEGY_KIND")
        let unknown = try #require(refusal("movingAverageCross", ["fast": 5, "slow": 9, "shrot": 1]))
        #expect(
            unknown.code == "E_STRATEGY_PARAMETER" && unknown.hint == "did you mean short?" && unknown.place == .key("/shrot"))
        #expect(refusal("movingAverageCross", ["fast": 5])?.place == .key("/slow"))
        #expect(refusal("movingAverageCross", ["fast": 5.5, "slow": 9])?.place == .key("/fast"))
        #expect(refusal("movingAverageCross", ["fast": 9, "slow": 9])?.place == .key("/fast"))
        #expect(refusal("rsiReversion", ["lower": 60])?.place == .key("/exit"))
        for bad in [0, -1, 1e300, .nan, .infinity, 20_000] {
            #expect(refusal("movingAverageCross", ["fast": 2, "slow": bad]) != nil)
        }
    }
}
