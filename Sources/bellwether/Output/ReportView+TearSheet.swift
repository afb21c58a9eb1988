import Backtest
import Cluster

extension ReportView {
    /// The record measured again, with its windows. Throws `E_RETURNS_NOT_FINITE`.
    func sheet(title: String) throws -> TearSheet {
        let trades = measuredTrades
        var sheet = TearSheet(
            title: title, performance: try Performance(returns: returns, trades: trades), times: times, returns: returns,
            trades: trades, deflatedSharpe: deflatedSharpe, trials: trialsCounted, earlierTrials: earlierTrials,
            windows: try (windows ?? []).compactMap(window))
        if let benchmark, benchmark.count == returns.count, benchmark.allSatisfy(\.isFinite) { sheet.benchmark = benchmark }
        return sheet
    }

    /// The trades as far as a report knows them: one of another version is without commission, and ended by its target.
    var measuredTrades: [Trade] {
        trades.map { view in
            Trade(
                symbol: view.symbol, entryIndex: bar(at: view.entryTime), exitIndex: bar(at: view.exitTime),
                entryTime: view.entryTime, exitTime: view.exitTime, side: view.shares < 0 ? .short : .long,
                entryPrice: view.entryPrice, exitPrice: view.exitPrice, shares: abs(view.shares),
                commission: view.commission ?? 0, pnl: view.pnl, return: view.return,
                exitReason: view.exitReason.flatMap(ExitReason.init) ?? .target)
        }
    }

    /// A window's part of the stitched record; nil when it lies outside.
    private func window(_ view: WindowView) throws -> TearSheet.Window? {
        guard view.start >= 0, view.bars > 0, view.start < times.count, view.bars <= times.count - view.start,
            times.count == returns.count
        else { return nil }
        let part = view.start..<(view.start + view.bars)
        let performance = try Performance(returns: Array(returns[part]))
        let (first, last) = (times[part.lowerBound], times[part.upperBound - 1])
        return TearSheet.Window(
            first: first, last: last, totalReturn: performance.totalReturn, sharpe: performance.sharpe,
            maxDrawdown: performance.maxDrawdown,
            trades: trades.count { first <= $0.exitTime && $0.exitTime <= last }, trainSharpe: view.trainSharpe)
    }

    /// The last bar that is not after `time`.
    private func bar(at time: Int64) -> Int {
        var (low, high) = (0, times.count)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] <= time { low = middle + 1 } else { high = middle }
        }
        return max(0, low - 1)
    }
}
