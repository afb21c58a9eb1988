import Backtest
import MarketData
import Registry
import Scheduling
import Search
import Specs
import SwiftProtobuf
import Wire

/// A cross-validation: one task for each split, then one for each backtest path, which takes every fold from one split that
/// tested it.
struct CrossValidatePlan: JobPlan {
    private let spec: CrossValidateSpec
    private let ranges: [Range<Int>]
    /// The folds that each split tests.
    private let tested: [[Int]]
    /// For each path the split that each fold is taken from.
    private let paths: [[Int]]
    private var tally = TaskTally()
    private var splits: [ProtoWindowResult?]
    private var scores: [TrialScore?]

    /// Throws what `PurgedFolds.paths` throws.
    init(_ spec: CrossValidateSpec, bars: Int) throws(MarketDataError) {
        self.spec = spec
        ranges = spec.folds.ranges(bars: bars)
        tested = spec.folds.testedFolds
        paths = try spec.folds.paths()
        splits = Array(repeating: nil, count: tested.count)
        scores = Array(repeating: nil, count: paths.count)
    }

    var taskCount: Int { splits.count + paths.count }
    var progress: PlanProgress { PlanProgress() }

    mutating func start(_: RecordedTrials) -> PlanStep { PlanStep(tasks: [.range(0..<Int32(splits.count))]) }

    mutating func ended(_ index: Int32, _ end: TaskEnd, result: ProtoTaskResult?, error: ErrorView?) -> PlanStep {
        let place = Int(index)
        if place < splits.count { return endSplit(place, end == .succeeded ? result?.window : nil, error: error) }
        do throws(ErrorView) {
            guard end == .succeeded, let stitch = result?.stitch else { throw error ?? Self.noResult }
            scores[place - splits.count] = try TrialScore(stitch, goals: Goals(MetricName.totalReturn.rawValue, .maximize))
            tally.count(end, error: nil)
        } catch {
            tally.count(.failed, error: error)
        }
        guard tally.ended == taskCount else { return PlanStep() }
        return PlanStep(conclusion: PlanConclusion(result: summary(), error: tally.failure))
    }

    func payload(of index: Int32, attempt: Int) -> ProtoTaskPayload {
        let place = Int(index)
        guard place >= splits.count else { return .with { $0.fold = .with { $0.split = index } } }
        let path = paths[place - splits.count]
        return .with {
            $0.stitch = .with {
                $0.parameters = "{}"
                $0.range = ProtoBarRange(0..<(ranges.last?.upperBound ?? 0))
                $0.windows = path.enumerated().map { fold, split in part(of: split, fold: fold) }
                $0.tests = ranges.map { ProtoBarRange($0) }
            }
        }
    }

    private static let noResult = ErrorView(code: "E_METRIC_MISSING", message: "a path came without a result")

    private mutating func endSplit(_ split: Int, _ result: ProtoWindowResult?, error: ErrorView?) -> PlanStep {
        let bars = tested[split].reduce(0) { $0 + ranges[$1].count }
        let isSound = result.map { result in
            !result.positions.isEmpty
                && result.positions.allSatisfy { $0.positions.count == bars && $0.positions.allSatisfy(\.isFinite) }
        }
        let fault =
            isSound == true
            ? nil : error ?? ErrorView(code: "E_METRIC_VALUE", message: "the result of split \(split) is not finite")
        tally.count(isSound == true ? .succeeded : .failed, error: fault)
        if isSound == true { splits[split] = result }
        guard tally.ended == splits.count else { return PlanStep() }
        if let failure = tally.failure { return PlanStep(conclusion: PlanConclusion(result: summary(), error: failure)) }
        return PlanStep(tasks: [.range(Int32(splits.count)..<Int32(taskCount))])
    }

    /// The positions of one fold out of those of a split.
    private func part(of split: Int, fold: Int) -> ProtoWindowResult {
        let before = tested[split].prefix { $0 != fold }.reduce(0) { $0 + ranges[$1].count }
        let bars = before..<before + ranges[fold].count
        return .with { window in
            window.positions = (splits[split]?.positions ?? []).map { row in
                .with { $0.positions = bars.upperBound <= row.positions.count ? Array(row.positions[bars]) : [] }
            }
        }
    }

    private func summary() -> JobResult {
        let hash = ContentHash.sha256(scores.map { $0?.digest ?? "failed" }.joined(separator: "\n").utf8)
        var result = JobResult(resultHash: hash, tasks: tally.ended, failed: tally.failed)
        guard tally.failed == 0, tally.ended == taskCount else { return result }
        result.report = Int32(splits.count)
        result.paths = scores.enumerated().compactMap { path, score in
            score.map {
                PathView(
                    path: path, sharpe: $0.metrics["sharpe"], totalReturn: $0.metrics["totalReturn"],
                    maxDrawdown: $0.metrics["maxDrawdown"])
            }
        }
        var sharpes = SweepSummary(), returns = SweepSummary()
        for score in scores {
            sharpes.add(score?.metrics["sharpe"] ?? .nan)
            returns.add(score?.metrics["totalReturn"] ?? .nan)
        }
        let losses = scores.count { ($0?.metrics["totalReturn"] ?? 0) < 0 }
        let metrics = [
            "splits": Double(splits.count), "paths": Double(paths.count), "meanSharpe": sharpes.mean,
            "deviationOfSharpe": sharpes.variance.squareRoot(), "leastSharpe": sharpes.least, "greatestSharpe": sharpes.greatest,
            "meanReturn": returns.mean, "shareOfLosses": Double(losses) / Double(max(1, paths.count)),
        ]
        result.metrics = metrics.filter(\.value.isFinite)
        return result
    }
}
