import Backtest
import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A sweep: one task for each block of combinations, then one that runs the best of all for its record.
struct SweepPlan: JobPlan {
    private let job: JobID
    private let spec: SweepSpec
    private let bars: Int
    /// Trials that the dataset had seen before.
    private let earlierTrials: Int
    private var tally = TaskTally()
    /// What is kept of each block, in order.
    private var blocks: [Block?]
    private var ranking: SweepRanking

    private struct Block {
        let digest: String
        let excluded: Int
        let sharpe: SweepSummary
        let totalReturn: SweepSummary
        let maxDrawdown: SweepSummary
    }

    init(job: JobID, _ spec: SweepSpec, bars: Int, earlierTrials: Int = 0) {
        self.job = job
        self.spec = spec
        self.bars = bars
        self.earlierTrials = earlierTrials
        blocks = Array(repeating: nil, count: spec.blocks)
        ranking = SweepRanking(limit: spec.keep, by: spec.measure, isLargerBetter: spec.direction == .maximize)
    }

    private var bestIndex: Int { spec.blocks }
    var taskCount: Int { spec.blocks + 1 }
    var progress: PlanProgress {
        PlanProgress(
            trials: spec.size, trialsFinished: min(spec.size, tally.ended * spec.block),
            best: ranking.entries.first.map { spec.measure.value(of: $0.result) })
    }

    mutating func start(_: RecordedTrials) -> PlanStep { PlanStep(tasks: [.range(0..<Int32(spec.blocks))]) }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        if Int(index) == bestIndex { return conclude(end, result?.stitch, error: error) }
        guard blocks.indices.contains(Int(index)) else { return PlanStep() }
        if end == .succeeded, let sweep = result?.sweep {
            let fault = take(sweep, of: Int(index))
            tally.count(end, error: fault)
        } else {
            tally.count(end, error: error)
        }
        guard tally.ended == spec.blocks else { return PlanStep() }
        if let failure = tally.failure { return PlanStep(conclusion: PlanConclusion(result: summary(nil), error: failure)) }
        guard !ranking.entries.isEmpty else {
            let error = ErrorView(
                code: "E_SWEEP_EMPTY",
                message: "no combination has a \(spec.measure.rawValue): none of them trades, or all are excluded")
            return PlanStep(conclusion: PlanConclusion(result: summary(nil), error: error))
        }
        return PlanStep(tasks: [.range(Int32(bestIndex)..<Int32(bestIndex) + 1)])
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        if Int(index) == bestIndex {
            return .with {
                $0.run = .with {
                    $0.parameters = ranking.entries.first.map { CanonicalJSON.encode(spec.parameters(at: $0.index)) } ?? "{}"
                    $0.range = ProtoBarRange(0..<bars)
                }
            }
        }
        let combinations = spec.combinations(ofBlock: Int(index))
        return .with {
            $0.sweep = .with { ($0.first, $0.count) = (Int64(combinations.lowerBound), Int64(combinations.count)) }
        }
    }

    /// Takes a block's result up; returns what is wrong with one that cannot be.
    private mutating func take(_ result: ProtoSweepResult, of block: Int) -> ErrorView? {
        let combinations = spec.combinations(ofBlock: block)
        let entries = result.best.map { entry in
            SweepRanking.Entry(
                index: Int(entry.index),
                result: SweepResult(sharpe: entry.sharpe, totalReturn: entry.totalReturn, maxDrawdown: entry.maxDrawdown))
        }
        guard entries.count <= spec.keep, entries.allSatisfy({ combinations.contains($0.index) }),
            (0...Int64(combinations.count)).contains(result.excluded), ContentHash.isWellFormed(result.digest)
        else { return ErrorView(code: "E_DECODE", message: "the result of block \(block) is not one of its combinations") }
        let summaries = [result.sharpe, result.totalReturn, result.maxDrawdown].map(SweepSummary.init)
        guard summaries.allSatisfy({ $0.mean.isFinite && $0.squares.isFinite && (0...combinations.count).contains($0.count) })
        else {
            return ErrorView(code: "E_METRIC_VALUE", message: "the summary of block \(block) is not finite")
        }
        for entry in entries { ranking.add(entry) }
        blocks[block] = Block(
            digest: result.digest, excluded: Int(result.excluded), sharpe: summaries[0], totalReturn: summaries[1],
            maxDrawdown: summaries[2])
        return nil
    }

    private func conclude(_ end: TaskEnd, _ result: ProtoStitchResult?, error: ErrorView?) -> PlanStep {
        var step = PlanStep()
        do throws(ErrorView) {
            guard end == .succeeded, let result else {
                throw error ?? ErrorView(code: "E_CANCELLED", message: "it was cancelled")
            }
            let best = try TrialScore(result, goals: Goals(spec.measure.rawValue, spec.direction))
            step.conclusion = PlanConclusion(result: summary(best))
            step.trials = views(best).map { view in
                TrialRecord(
                    job: job, number: view.number, state: view.state, parameters: CanonicalJSON.encode(view.parameters),
                    objective: view.objective, metrics: CanonicalJSON.encode(view.metrics))
            }
        } catch {
            step.conclusion = PlanConclusion(result: summary(nil), error: error)
        }
        return step
    }

    // MARK: - The result

    /// The combinations that are kept, best first; the best with all that its own run came to.
    private func views(_ best: TrialScore) -> [TrialView] {
        ranking.entries.enumerated().map { place, entry in
            let measured = [
                "sharpe": entry.result.sharpe, "totalReturn": entry.result.totalReturn, "maxDrawdown": entry.result.maxDrawdown,
            ]
            return TrialView(
                number: Int32(clamping: entry.index), state: "succeeded",
                parameters: CanonicalJSON.decode(CanonicalJSON.encode(spec.parameters(at: entry.index))) ?? [:],
                objective: spec.measure.value(of: entry.result), metrics: place == 0 ? best.metrics : measured)
        }
    }

    private func summary(_ best: TrialScore?) -> JobResult {
        var (sharpe, totalReturn, maxDrawdown) = (SweepSummary(), SweepSummary(), SweepSummary())
        // Sums of doubles depend on their order, so they are taken in that of the grid.
        for block in blocks {
            guard let block else { continue }
            sharpe.add(block.sharpe)
            totalReturn.add(block.totalReturn)
            maxDrawdown.add(block.maxDrawdown)
        }
        let excluded = blocks.reduce(0) { $0 + ($1?.excluded ?? 0) }
        let hash = ContentHash.sha256(
            (blocks.map { $0?.digest ?? "failed" } + [best?.digest ?? "failed"]).joined(separator: "\n").utf8)
        var result = JobResult(resultHash: hash, tasks: tally.ended + (best == nil ? 0 : 1), failed: tally.failed)
        guard let best else { return result }
        result.leaderboard = Array(views(best).prefix(20))
        let combinations = spec.size - excluded
        result.trialsCounted = earlierTrials + combinations
        result.earlierTrials = earlierTrials
        result.report = Int32(bestIndex)
        let year = (252.0).squareRoot()
        let threshold = SharpeInference.expectedMaximum(
            variance: sharpe.variance / (year * year), trials: earlierTrials + combinations)
        let metrics = [
            "combinations": Double(combinations), "excluded": Double(excluded), "meanSharpe": sharpe.mean,
            "deviationOfSharpe": sharpe.variance.squareRoot(), "leastSharpe": sharpe.least, "greatestSharpe": sharpe.greatest,
            "sharpeThreshold": threshold * year, "meanReturn": totalReturn.mean, "greatestReturn": totalReturn.greatest,
            "deepestDrawdown": maxDrawdown.least,
        ]
        result.metrics = metrics.filter(\.value.isFinite)
        if let own = best.metrics["sharpePerPeriod"], let skew = best.metrics["skew"], let kurtosis = best.metrics["kurtosis"],
            let periods = best.metrics["periods"].flatMap({ Int(exactly: $0) })
        {
            let deflated = SharpeInference.probabilistic(
                sharpe: own, benchmark: threshold, skew: skew, kurtosis: kurtosis, periods: periods)
            result.deflatedSharpe = deflated.isFinite ? deflated : nil
        }
        return result
    }
}

extension SweepSummary {
    init(_ spread: ProtoSweepSpread) {
        self.init(
            count: Int(spread.count), mean: spread.mean, squares: spread.squares,
            least: spread.count > 0 ? spread.least : .infinity, greatest: spread.count > 0 ? spread.greatest : -.infinity)
    }
}
