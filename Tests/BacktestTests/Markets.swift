import Backtest
import MarketData
import Statistics

/// Bars for tests, one day apart from 2000-01-03 on.
enum Markets {
    static let start: Int64 = 946_857_600_000
    static let day: Int64 = 86_400_000

    /// Bars from rows of open, high, low, close.
    static func bars(
        _ rows: [[Double]], symbol: String = "TEST", from first: Int = 0, volume: [Double]? = nil
    ) throws -> Bars {
        let close = rows.map { $0[3] }
        return try Bars(
            symbol: symbol, time: rows.indices.map { start + Int64(first + $0) * day }, open: rows.map { $0[0] },
            high: rows.map { $0[1] }, low: rows.map { $0[2] }, close: close, adjustedClose: close,
            volume: volume ?? [Double](repeating: 0, count: rows.count))
    }

    /// Bars that open, trade and close at one price each.
    static func flat(_ prices: [Double], symbol: String = "TEST", from first: Int = 0) throws -> Bars {
        try bars(prices.map { [$0, $0, $0, $0] }, symbol: symbol, from: first)
    }

    /// A random walk with gaps and wicks.
    static func random(_ generator: inout SplitMix64, count: Int, volatility: Double = 0.02) throws -> Bars {
        var rows: [[Double]] = []
        var close = 100.0
        for _ in 0..<count {
            let open = close * PortableMath.exp(volatility / 2 * generator.gaussian())
            close = open * PortableMath.exp(volatility * generator.gaussian())
            let high = max(open, close) * (1 + volatility / 2 * generator.uniform())
            let low = min(open, close) * (1 - volatility / 2 * generator.uniform())
            rows.append([open, high, low, close])
        }
        return try bars(rows)
    }

    /// A random walk with volumes, some of them zero.
    static func traded(_ generator: inout SplitMix64, count: Int, volatility: Double = 0.02) throws -> Bars {
        let bars = try random(&generator, count: count, volatility: volatility)
        let volume = (0..<count).map { _ in generator.uniform() < 0.05 ? 0 : 50 + 4000 * generator.uniform() }
        return try Bars(
            symbol: bars.symbol, time: bars.time, open: bars.open, high: bars.high, low: bars.low, close: bars.close,
            adjustedClose: bars.close, volume: volume)
    }

    /// Every cost and limit there is, each present in about half of the draws.
    static func allRules(_ generator: inout SplitMix64) -> (costs: Costs, limits: Limits) {
        var (costs, limits) = rules(&generator)
        func maybe(_ largest: Double) -> Double { generator.uniform() < 0.5 ? largest * generator.uniform() : 0 }
        (costs.perShare, costs.minimum, costs.spread) = (maybe(0.05), maybe(20), maybe(0.004))
        (costs.volumeImpact, costs.rootImpact) = (maybe(0.02), maybe(0.02))
        (costs.borrow, costs.funding) = (maybe(0.2), maybe(0.1))
        let margin = maybe(0.5), participation = maybe(1)
        if margin > 0 { limits.maintenanceMargin = margin }
        if participation > 0 { limits.participation = participation }
        return (costs, limits)
    }

    /// Targets that change about every fourth bar, some beyond any cap.
    static func targets(_ generator: inout SplitMix64, count: Int) -> [Double] {
        let choices = [-3, -1, -0.5, 0, 0, 0.3, 0.5, 1, 1, 2]
        var target = 0.0
        return (0..<count).map { _ in
            if generator.uniform() < 0.25 { target = choices[Int(generator.integer(below: 10))] }
            return target
        }
    }

    /// Costs and limits of every kind, each present in about half of the draws.
    static func rules(_ generator: inout SplitMix64) -> (costs: Costs, limits: Limits) {
        func half(_ range: ClosedRange<Double>, _ generator: inout SplitMix64) -> Double? {
            let value = range.lowerBound + (range.upperBound - range.lowerBound) * generator.uniform()
            return generator.uniform() < 0.5 ? value : nil
        }
        let costs = Costs(commission: half(0...0.01, &generator) ?? 0, slippage: half(0...0.01, &generator) ?? 0)
        let limits = Limits(
            maxPosition: half(0.1...4, &generator) ?? 1, maxDrawdown: half(0.02...0.4, &generator),
            stopLoss: half(0.005...0.1, &generator))
        return (costs, limits)
    }
}
