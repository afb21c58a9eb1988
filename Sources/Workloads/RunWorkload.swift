import Backtest
import Cluster
import MarketData
import Specs
import Statistics
import SwiftProtobuf
import Wire

/// One strategy run through all its windows: a sweep's best, a trial inside a train range, or a run under a shock.
struct RunWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoRunTask, _ context: TaskContext) throws -> ProtoStitchResult {
        let range = try material.range(task.range)
        let strategy = try material.strategy(task.parameters)
        // What lies outside the range is not there at all.
        var series = try material.aligned().map { $0.slice(range) }
        var costs = material.costs
        if case .stress(let stress) = material.spec.body {
            (series, costs) = try market(of: stress, scenario: Int(task.scenario), series)
        }
        let run = WindowedRun(strategy: strategy, windows: try windows(of: series))
        let result = try run.result(on: series, costs: costs, of: material, context)
        let tested = range.lowerBound + run.tested.lowerBound..<range.lowerBound + run.tested.upperBound
        var stitched = try ProtoStitchResult(result, trial: 0, range: .with { ($0.start, $0.end) = tested.wire })
        if case .stress = material.spec.body { stitched.metrics["recovered"] = result.recoveredShare }
        if task.brief { (stitched.returns, stitched.times, stitched.trades) = ([], [], []) }
        return stitched
    }

    /// The windows within the bars that the task may see.
    private func windows(of series: [Bars]) throws -> [Window] {
        let times = series.first?.time ?? []
        if case .nested(let nested) = material.spec.body { return try nested.inner.windows(times: times) }
        return try material.spec.windows(bars: times.count) { times }
    }

    /// The market under a scenario, in adjusted prices, and what trading in it costs.
    private func market(of stress: StressSpec, scenario: Int, _ series: [Bars]) throws -> ([Bars], Costs) {
        let market = try series.map { bars throws(BacktestError) in try PricedBars(bars) }
        guard scenario > 0 else { return (market.map(\.bars), material.costs) }
        let scenarios = stress.scenarios
        guard scenario <= scenarios.count else { throw WorkloadError.notThisJob() }
        let chosen = scenarios[scenario - 1]
        let (shocked, costs) = try chosen.shock.applied(
            to: market, costs: material.costs, seed: Seed.derive(stress.seed, UInt64(chosen.draw)))
        return (shocked.map(\.bars), costs)
    }
}

extension Range<Int> {
    var wire: (start: Int64, end: Int64) { (Int64(lowerBound), Int64(upperBound)) }
}
