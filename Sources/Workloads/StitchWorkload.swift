import Backtest
import Cluster
import MarketData
import Wire

/// Puts the positions of a trial's windows end to end and runs the engine once over the whole out-of-sample range, so that
/// costs, stops and the drawdown halt work across window borders as they would in life.
struct StitchWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoStitchTask, _ context: TaskContext) throws -> ProtoStitchResult {
        let range = try material.range(task.range)
        let count = try material.clipped(to: range).count
        guard task.windows.count == task.tests.count else {
            throw WorkloadError.stitch("\(task.windows.count) results for \(task.tests.count) windows")
        }
        // Bars between two tests have no decision and are flat.
        var positions = Array(repeating: [Double](repeating: 0, count: range.count), count: count)
        for (window, test) in zip(task.windows, task.tests) {
            let test = try material.range(test)
            guard test.lowerBound >= range.lowerBound, test.upperBound <= range.upperBound, window.positions.count == count
            else {
                throw WorkloadError.stitch("a window lies outside the range, or lacks a series")
            }
            for (place, row) in window.positions.enumerated() {
                guard row.positions.count == test.count else { throw WorkloadError.stitch("a window lacks positions") }
                let start = test.lowerBound - range.lowerBound
                positions[place].replaceSubrange(start..<start + test.count, with: row.positions)
            }
        }
        try context.checkStopped()
        let result = try material.run(positions, over: range)
        var stitch = try ProtoStitchResult(result, trial: task.trial, range: task.range)
        // It is the same for every trial, so the first one's record has it for all.
        if task.trial == 0 { stitch.benchmark = try material.benchmark(over: range) }
        return stitch
    }
}

extension ProtoStitchResult {
    /// Metrics that are not finite (a Sharpe ratio without a trade, say) are left out.
    init(_ result: BacktestResult, trial: Int32, range: ProtoBarRange) throws {
        self.init()
        for (name, value) in try Performance(result).metrics where value.isFinite { metrics[name] = value }
        self.trial = trial
        self.range = range
        returns = result.returns
        times = result.times
        trades = result.trades.map(ProtoTradeRow.init)
    }
}

extension ProtoTradeRow {
    init(_ trade: Trade) {
        self.init()
        symbol = trade.symbol
        entryTime = trade.entryTime
        exitTime = trade.exitTime
        entryPrice = trade.entryPrice
        exitPrice = trade.exitPrice
        shares = trade.side == .short ? -abs(trade.shares) : abs(trade.shares)
        pnl = trade.pnl
        self.return = trade.return
        exitReason = trade.exitReason.rawValue
        commission = trade.commission
    }
}
