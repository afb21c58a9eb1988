import MarketData
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// Reads a trial's out-of-sample record back from the results that the journal keeps. Blocks on the store.
struct ReportReader {
    let journal: any JobQueries

    /// The report of one trial; of the best when `trial` is nil; nil when there is none.
    func report(of job: JobID, trial: Int32?) throws -> ReportView? {
        guard let summary = try journal.job(job) else { throw ClusterError.jobUnknown(job) }
        let trials = try journal.trials(of: job)
        let view = JobView(summary)
        guard
            let number = trial ?? view.result?.leaderboard?.first?.number ?? trials.first(where: { $0.objective != nil })?.number,
            let record = trials.first(where: { $0.number == number }),
            let stride = try stride(of: job), let result = try stitch(of: job, trial: number, stride: stride)
        else { return nil }
        let shown = TrialView(record)
        let isBest = number == view.result?.leaderboard?.first?.number
        return ReportView(
            job: job.rawValue, trial: number, parameters: shown.parameters, metrics: result.metrics.filter(\.value.isFinite),
            times: result.times, returns: result.returns, trades: result.trades.map(TradeView.init),
            deflatedSharpe: isBest ? view.result?.deflatedSharpe : nil, trialsCounted: view.result?.trialsCounted,
            earlierTrials: view.result?.earlierTrials,
            windows: try walkForward(of: summary).map { plan, order in
                try windows(of: job, trial: number, stride: stride, plan, order, result)
            })
    }

    /// Nil for a job without windows, and for a spec of another version that cannot be read any more: its record still can.
    private func walkForward(of job: JobSummary) -> (WalkForward, StepOrder)? {
        switch (try? JobSpec.parse(text: job.record.spec, file: nil))?.body {
        case .study(let study): (study.walkForward, study.search.pruner?.order ?? .chronological)
        case .backtest(let backtest): backtest.walkForward.map { ($0, .chronological) }
        default: nil
        }
    }

    /// The windows come before the stitch. Those whose result is not kept, or does not fit the stitched bars, are left out.
    private func windows(
        of job: JobID, trial: Int32, stride: Int32, _ plan: WalkForward, _ order: StepOrder, _ stitch: ProtoStitchResult
    ) throws -> [WindowView] {
        guard let first = Int32(exactly: Int64(trial) * Int64(stride)) else { return [] }
        // Under a pruner windows may run in another order than that of time.
        let places = order.steps(Int(stride) - 1)
        var windows: [WindowView] = []
        var after = first - 1
        while after < first + stride - 2 {
            let page = try journal.tasks(of: job, after: after, limit: min(500, Int(first + stride - 2 - after)))
            for record in page where record.task.index < first + stride - 1 && record.end == .succeeded {
                guard let result = try? ProtoTaskResult(serializedBytes: record.result), case .window(let window) = result.kind
                else { continue }
                let part = Int(record.task.index - first)
                guard places.indices.contains(part) else { continue }
                let start = places[part] * plan.step
                guard start + plan.test <= stitch.returns.count else { continue }
                // A train range without a Sharpe ratio is stored as zero; see `WindowWorkload`.
                let sharpe = window.trainSharpe
                windows.append(
                    WindowView(start: start, bars: plan.test, trainSharpe: sharpe.isFinite && sharpe != 0 ? sharpe : nil))
            }
            guard let last = page.last, last.task.index > after else { break }
            after = last.task.index
        }
        return windows
    }

    /// The plan puts a trial's stitch last, so its record is the one that carries a stitch result for that trial.
    private func stitch(of job: JobID, trial: Int32, stride: Int32) throws -> ProtoStitchResult? {
        // In 64 bits nothing here can overflow.
        guard let index = Int32(exactly: (Int64(trial) + 1) * Int64(stride) - 1),
            let record = try journal.task(TaskID(job: job, index: index)), record.end == .succeeded,
            let result = try? ProtoTaskResult(serializedBytes: record.result), case .stitch(let stitch) = result.kind
        else { return nil }
        return stitch
    }

    /// Tasks of one trial: found from the first stitch result among the first trial's tasks.
    private func stride(of job: JobID) throws -> Int32? {
        var after: Int32 = -1
        while true {
            let page = try journal.tasks(of: job, after: after, limit: 500)
            for record in page where record.end == .succeeded {
                if let result = try? ProtoTaskResult(serializedBytes: record.result), case .stitch(let stitch) = result.kind {
                    return stitch.trial == 0 ? record.task.index + 1 : (record.task.index + 1) / (stitch.trial + 1)
                }
            }
            guard let last = page.last else { return nil }
            after = last.task.index
        }
    }
}

extension TradeView {
    init(_ row: ProtoTradeRow) {
        self.init(
            symbol: row.symbol, entryTime: row.entryTime, exitTime: row.exitTime, entryPrice: row.entryPrice,
            exitPrice: row.exitPrice,
            shares: row.shares, pnl: row.pnl, return: row.return)
    }
}
