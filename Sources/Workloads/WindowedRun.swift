import Backtest
import Cluster
import MarketData
import Specs

/// A strategy through all its windows in one go: fitted and judged window by window, its positions put end to end. All series have
/// the same bars.
struct WindowedRun {
    let strategy: ResolvedStrategy
    let windows: [Window]

    /// The bars that are tested, with those between two tests.
    var tested: Range<Int> { (windows.first?.test.lowerBound ?? 0)..<(windows.last?.test.upperBound ?? 0) }

    /// One row a series, one position a bar of `tested`. Bars between two tests are flat, and where tests overlap the later
    /// window decides. No window sees a bar after its test.
    func positions(of series: [Bars], _ context: TaskContext) throws -> [[Double]] {
        let tested = tested
        var positions = Array(repeating: [Double](repeating: 0, count: tested.count), count: series.count)
        for window in windows {
            try context.checkStopped()
            let clipped = try series.map { try CalendarSeries($0, places: nil, readable: 0..<window.test.upperBound) }
            let decision = try WindowDecision(strategy, clipped, train: window.train, test: window.test)
            let start = window.test.lowerBound - tested.lowerBound
            for (place, row) in decision.tested.enumerated() {
                positions[place].replaceSubrange(start..<start + window.test.count, with: row)
            }
        }
        return positions
    }

    /// The run of those positions over the bars of `tested`, as the job's portfolio.
    func result(on series: [Bars], costs: Costs, of material: JobMaterial, _ context: TaskContext) throws -> BacktestResult {
        let positions = try positions(of: series, context)
        let first = max(0, tested.lowerBound - material.sizing.lookback - 1)
        return try material.run(
            positions, on: series.map { $0.slice(tested) },
            history: series.map { $0.slice(first..<tested.lowerBound).adjustedClose }, costs: costs)
    }
}
