import Backtest
import MarketData
import Specs

/// What a strategy decides in one window: fitted on the train range, one row of positions a series for each range.
struct WindowDecision {
    let tested: [[Double]]
    /// Empty for a rule in a window without a train range.
    let trained: [[Double]]

    init(_ strategy: ResolvedStrategy, _ series: [ClippedBars], train: Range<Int>, test: Range<Int>) throws {
        switch strategy.body {
        case .model(let model): (tested, trained) = try Self.positions(model, series, train, test)
        case .rule(let rule): (tested, trained) = try Self.positions(rule, series, train, test)
        }
    }

    private static func positions(
        _ strategy: ResolvedModelStrategy, _ series: [ClippedBars], _ train: Range<Int>, _ test: Range<Int>
    ) throws -> ([[Double]], [[Double]]) {
        let first = max(0, train.lowerBound - FeatureMatrix.lookback(of: strategy.features))
        let panels = try series.map { try FittedStrategy.Panel($0, range: first..<test.upperBound, features: strategy.features) }
        let fitted = try FittedStrategy(strategy, on: panels, train: train)
        return (try panels.map { try fitted.targets($0, test) }, try panels.map { try fitted.targets($0, train) })
    }

    private static func positions(
        _ rule: RuleStrategy, _ series: [ClippedBars], _ train: Range<Int>, _ test: Range<Int>
    ) throws -> ([[Double]], [[Double]]) {
        let first = max(0, min(train.isEmpty ? test.lowerBound : train.lowerBound, test.lowerBound) - rule.lookback)
        var tested: [[Double]] = []
        var trained: [[Double]] = []
        for bars in series {
            let targets = try rule.targets(bars: bars.read(first..<test.upperBound))
            tested.append(Array(targets[(test.lowerBound - first)...]))
            if train.isEmpty { continue }
            trained.append(Array(targets[(train.lowerBound - min(first, train.lowerBound))..<max(0, train.upperBound - first)]))
        }
        return (tested, trained)
    }
}
