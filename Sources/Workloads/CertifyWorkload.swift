import Backtest
import Cluster
import MarketData
import Specs
import SwiftProtobuf
import Wire

/// Changes the future of one series after some bars and looks whether a decision or a fill before it moves.
///
/// The strategy runs through all its windows on the changed market, so a fit that sees its test range, a feature that is centred
/// and a label that reaches into the test all show. Costs by volume and volume caps are left out: what a fill pays, or gets,
/// depends on its own bar.
struct CertifyWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoCertifyTask, _ context: TaskContext) throws -> ProtoCertifyResult {
        let series = try material.aligned()
        guard case .certify(let spec) = material.spec.body, series.indices.contains(Int(task.series)),
            (0..<spec.blocks).contains(Int(task.block))
        else { throw WorkloadError.notThisJob() }
        let place = Int(task.series)
        let market = try series.map { bars throws(BacktestError) in try PricedBars(bars).bars }
        let windows = try material.spec.windows(bars: material.bars) { market.first?.time ?? [] }
        let run = WindowedRun(strategy: spec.backtest.strategy, windows: windows)
        let certification = try Certification(
            bars: market[place], trials: spec.trials(ofBlock: Int(task.block)), seed: spec.seed
        ) { bars in
            var changed = market
            changed[place] = bars
            return try trace(run, changed, place, context)
        }
        return .with {
            $0.trials = Int32(certification.trials)
            $0.leaks = certification.leaks.map { leak in
                .with {
                    $0.symbol = market[place].symbol
                    $0.what = leak.what
                    $0.bar = Int64(leak.bar)
                    $0.changedFrom = Int64(leak.changedFrom)
                }
            }
        }
    }

    /// The decisions on every series, and the fills in the one that was changed; flat before the first test.
    private func trace(_ run: WindowedRun, _ market: [Bars], _ place: Int, _ context: TaskContext) throws -> StrategyTrace {
        let tested = run.tested
        let rows = try run.positions(of: market, context).map { row in
            [Double](repeating: 0, count: tested.lowerBound) + row
                + [Double](repeating: 0, count: market[place].count - tested.upperBound)
        }
        var costs = material.costs
        (costs.volumeImpact, costs.rootImpact) = (0, 0)
        var limits = material.limits
        limits.participation = nil
        let columns = zip(market, rows).map { bars, row in
            StrategyTrace.Column(market.count == 1 ? "decision" : "decision on \(bars.symbol)", row)
        }
        return try StrategyTrace(
            columns: columns, targets: rows[place], over: PricedBars(market[place]), costs: costs, limits: limits)
    }
}
