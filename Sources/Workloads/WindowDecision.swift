import Backtest
import MarketData
import Specs

/// What a strategy decides in one window: fitted on the train range, one row of positions a series for each range.
struct WindowDecision {
    let tested: [[Double]]
    /// Empty for a rule in a window without a train range.
    let trained: [[Double]]

    init(_ strategy: ResolvedStrategy, _ series: [CalendarSeries], train: Range<Int>, test: Range<Int>) throws {
        switch strategy.body {
        case .model(let model): (tested, trained) = try Self.positions(model, series, train, test)
        case .rule(let rule): (tested, trained) = try Self.positions(rule, series, train, test)
        }
    }

    private static func positions(
        _ strategy: ResolvedModelStrategy, _ series: [CalendarSeries], _ train: Range<Int>, _ test: Range<Int>
    ) throws -> ([[Double]], [[Double]]) {
        let range = train.lowerBound..<test.upperBound
        let lookback = FeatureMatrix.lookback(of: strategy.features)
        let panels = try series.map { try FittedStrategy.Panel($0, range: range, before: lookback, features: strategy.features) }
        let fitted = try FittedStrategy(strategy, on: panels, train: train)
        return (try panels.map { try fitted.targets($0, test) }, try panels.map { try fitted.targets($0, train) })
    }

    private static func positions(
        _ rule: RuleStrategy, _ series: [CalendarSeries], _ train: Range<Int>, _ test: Range<Int>
    ) throws -> ([[Double]], [[Double]]) {
        let range = (train.isEmpty ? test.lowerBound : min(train.lowerBound, test.lowerBound))..<test.upperBound
        var tested: [[Double]] = []
        var trained: [[Double]] = []
        for one in series {
            let targets = try rule.targets(bars: one.read(range, before: rule.lookback))
            let first = one.first(range, rule.lookback)
            func part(_ range: Range<Int>) -> [Double] {
                let own = one.own(range)
                return one.carried(Array(targets[(own.lowerBound - first)..<(own.upperBound - first)]), over: range)
            }
            tested.append(part(test))
            if !train.isEmpty { trained.append(part(train)) }
        }
        return (tested, trained)
    }
}
