import Backtest
import MarketData

extension JobMaterial {
    /// Runs the engine over `range` of the calendar with a position for each of its bars and each series, from one cash pool.
    ///
    /// A sizing that looks back reads the closes before the range, and nothing after it.
    func run(_ positions: [[Double]], over range: Range<Int>) throws -> BacktestResult {
        let series = try clipped(to: 0..<range.upperBound)
        guard positions.count == series.count, positions.allSatisfy({ $0.count == range.count }) else {
            throw WorkloadError.stitch("positions for other series or bars")
        }
        return try run(
            zip(series, positions).map { $0.picked($1, from: range) }, on: series.map { try $0.read(range) },
            history: series.map { one in
                try one.read(range.lowerBound..<range.lowerBound, before: sizing.lookback + 1).adjustedClose
            }, costs: costs)
    }

    /// Runs the engine over `bars` with a position for each bar of each series, from one cash pool. `history` has the closes before
    /// the bars that a sizing looks back on.
    func run(_ signals: [[Double]], on bars: [Bars], history: [[Double]], costs: Costs) throws -> BacktestResult {
        let steps = try instruments.all(of: bars.map(\.symbol))
        // The same to the last bit, and quicker.
        if bars.count == 1, sizing == .shares, steps == nil {
            return try Engine.run(bars: bars[0], targets: signals[0], costs: costs, limits: limits)
        }
        let universe = try Universe(bars, lasts: lasts, instruments: steps)
        let allocation = try Allocation(
            signals: signals, universe: universe, sizing: sizing, limits: limits, history: history)
        return try Portfolio.run(universe, allocation, costs: costs, limits: limits)
    }

    /// The returns over `range` of an equal share of every series, bought at its close before the range (of one that begins
    /// later, at its first close) and held without costs.
    func benchmark(over range: Range<Int>) throws -> [Double] {
        let series = try clipped(to: 0..<range.upperBound)
        var wealth = [Double](repeating: 0, count: range.count)
        for one in series {
            let closes = try one.read(range).adjustedClose
            let before = try one.read(range.lowerBound..<range.lowerBound, before: 1).adjustedClose.last
            guard let start = before ?? closes.first else { continue }
            // Money that waits for its series is money.
            let growth = one.carried(closes.map { $0 / start }, over: range).map { $0 == 0 ? 1 : $0 }
            for bar in growth.indices { wealth[bar] += growth[bar] / Double(series.count) }
        }
        return wealth.indices.map { wealth[$0] / ($0 > 0 ? wealth[$0 - 1] : 1) - 1 }
    }
}
