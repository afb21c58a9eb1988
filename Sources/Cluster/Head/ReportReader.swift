import MarketData
import Scheduling
import Specs
import SwiftProtobuf
import Wire

/// Reads a trial's out-of-sample record back from the results that the journal keeps. Blocks on the store.
struct ReportReader {
    let journal: any JobQueries

    /// The report of one trial; of the best, or of the job's own run, when `trial` is nil; nil when there is none.
    func report(of job: JobID, trial: Int32?) throws -> ReportView? {
        guard let summary = try journal.job(job) else { throw ClusterError.jobUnknown(job) }
        let view = JobView(summary)
        if let index = view.result?.report { return trial == nil ? try report(of: summary, view, run: index) : nil }
        let trials = try journal.trials(of: job)
        guard
            let number = trial ?? view.result?.leaderboard?.first?.number ?? trials.first(where: { $0.objective != nil })?.number,
            let record = trials.first(where: { $0.number == number }),
            let stride = try stride(of: job), let result = try stitch(of: job, trial: number, stride: stride),
            let first = Int32(exactly: Int64(number) * Int64(stride))
        else { return nil }
        let shown = TrialView(record)
        let benchmark = try (number == 0 ? result : stitch(of: job, trial: 0, stride: stride))?.benchmark ?? []
        let isBest = number == view.result?.leaderboard?.first?.number
        var report = ReportView(job: job, trial: number, parameters: shown.parameters, result)
        report.benchmark = benchmark.count == result.returns.count ? benchmark : nil
        report.deflatedSharpe = isBest ? view.result?.deflatedSharpe : nil
        report.trialsCounted = view.result?.trialsCounted
        report.earlierTrials = view.result?.earlierTrials
        if spec(of: summary)?.walkForward != nil {
            report.windows = try windows(of: job, result, at: first..<first + stride - 1)
        }
        return report
    }

    /// The report of a job whose result is one run: that of the task at `index`.
    private func report(of job: JobSummary, _ view: JobView, run index: Int32) throws -> ReportView? {
        guard let result = try stitch(of: job.record.id, at: index) else { return nil }
        let best = view.result?.leaderboard?.first
        var report = ReportView(
            job: job.record.id, trial: best?.number ?? 0, parameters: best?.parameters ?? [:], result)
        report.deflatedSharpe = view.result?.deflatedSharpe
        report.trialsCounted = view.result?.trialsCounted
        if case .nested(let nested) = spec(of: job)?.body {
            let stride = NestedPlan.stride(trials: nested.study.search.trials)
            report.windows = try windows(of: job.record.id, result, at: 0..<index, every: Int32(clamping: stride))
        }
        return report
    }

    /// Nil for a spec of another version that cannot be read any more: its record still can.
    private func spec(of job: JobSummary) -> JobSpec? { try? JobSpec.parse(text: job.record.spec, file: nil) }

    /// The windows among the tasks of `range`: the last of every `step`. Those whose result is not kept, or does not fit the
    /// stitched bars, are left out.
    private func windows(
        of job: JobID, _ stitch: ProtoStitchResult, at range: Range<Int32>, every step: Int32 = 1
    ) throws -> [WindowView] {
        var windows: [WindowView] = []
        var index = range.lowerBound
        while index < range.upperBound {
            // Windows that lie together are read together.
            let page =
                step == 1
                ? try journal.tasks(of: job, after: index - 1, limit: min(500, Int(range.upperBound - index)))
                : try journal.task(TaskID(job: job, index: index + step - 1)).map { [$0] } ?? []
            for record in page where record.task.index < range.upperBound && record.end == .succeeded {
                guard let result = try? ProtoTaskResult(serializedBytes: record.result), case .window(let window) = result.kind,
                    let view = WindowView(window, in: stitch)
                else { continue }
                windows.append(view)
            }
            if step > 1 {
                index += step
            } else {
                guard let last = page.last?.task.index, last >= index else { break }
                index = last + 1
            }
        }
        return windows
    }

    /// The plan puts a trial's stitch last, so its record is the one that carries a stitch result for that trial.
    func stitch(of job: JobID, trial: Int32, stride: Int32) throws -> ProtoStitchResult? {
        // In 64 bits nothing here can overflow.
        guard let index = Int32(exactly: (Int64(trial) + 1) * Int64(stride) - 1) else { return nil }
        return try stitch(of: job, at: index)
    }

    private func stitch(of job: JobID, at index: Int32) throws -> ProtoStitchResult? {
        guard let record = try journal.task(TaskID(job: job, index: index)), record.end == .succeeded,
            let result = try? ProtoTaskResult(serializedBytes: record.result), case .stitch(let stitch) = result.kind
        else { return nil }
        return stitch
    }

    /// Tasks of one trial: found from the first stitch result among the first trial's tasks.
    func stride(of job: JobID) throws -> Int32? {
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

extension ReportView {
    init(job: JobID, trial: Int32, parameters: [String: ParameterView], _ result: ProtoStitchResult) {
        self.init(
            job: job.rawValue, trial: trial, parameters: parameters, metrics: result.metrics.filter(\.value.isFinite),
            times: result.times, returns: result.returns, trades: result.trades.map(TradeView.init), deflatedSharpe: nil,
            trialsCounted: nil)
    }
}

extension WindowView {
    /// Nil for a window that does not lie within the stitched bars.
    init?(_ window: ProtoWindowResult, in stitch: ProtoStitchResult) {
        guard window.hasTest, window.test.start >= stitch.range.start, window.test.end > window.test.start,
            window.test.end <= stitch.range.end, stitch.range.start >= 0,
            window.test.end - stitch.range.start <= Int64(stitch.returns.count)
        else { return nil }
        // A train range without a Sharpe ratio is stored as zero; see `WindowWorkload`.
        let sharpe = window.trainSharpe
        self.init(
            start: Int(window.test.start - stitch.range.start), bars: Int(window.test.end - window.test.start),
            trainSharpe: sharpe.isFinite && sharpe != 0 ? sharpe : nil)
    }
}

extension TradeView {
    init(_ row: ProtoTradeRow) {
        self.init(
            symbol: row.symbol, entryTime: row.entryTime, exitTime: row.exitTime, entryPrice: row.entryPrice,
            exitPrice: row.exitPrice, shares: row.shares, pnl: row.pnl, return: row.return,
            exitReason: row.exitReason.isEmpty ? nil : row.exitReason, commission: row.commission)
    }
}
