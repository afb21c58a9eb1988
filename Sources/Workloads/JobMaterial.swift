import Backtest
import Cluster
import Foundation
import MarketData
import Search
import Specs
import Synchronization
import Wire

/// What all tasks of a job share on one worker: the parsed spec, the data, and the strategies of the last few trials.
final class JobMaterial: Sendable {
    private static let strategiesLimit = 32

    let spec: JobSpec
    let costs: Costs
    let limits: Limits
    let datasetHash: String
    /// What each window of a study with a pruner is judged by.
    let windowObjective: MetricName?
    /// All series, on one calendar of `bars` bars.
    private let series: [Bars]
    let bars: Int
    private let strategies = Mutex<[String: ResolvedStrategy]>([:])

    /// Throws what parsing, fetching and verifying throw, and `E_DATASET_CALENDAR` for series of different lengths.
    init(spec text: String, shelf: DatasetShelf, blobs: any BlobSource) throws {
        spec = try JobSpec.parse(text: text, file: nil)
        switch spec.body {
        case .study(let study): (costs, limits) = (study.costs, study.limits)
        case .backtest(let backtest): (costs, limits) = (backtest.costs, backtest.limits)
        case .retrain(let retrain): (costs, limits) = (retrain.costs, retrain.limits)
        case .drill, .command, .commandStudy: (costs, limits) = (.none, .none)
        }
        if case .study(let study) = spec.body, study.search.pruner != nil {
            windowObjective = MetricName(rawValue: study.goals.objectives[0].metric)
        } else {
            windowObjective = nil
        }
        guard let hash = spec.dataset?.sha256 else { throw WorkloadError.notThisJob() }
        datasetHash = hash
        let dataset = try shelf.dataset(hash, from: blobs)
        bars = dataset.rows
        for one in dataset.series where one.count != dataset.rows {
            throw WorkloadError.calendar(one.symbol, one.count, dataset.rows)
        }
        series = dataset.series
    }

    /// The strategy of a trial, by its parameters as JSON.
    func strategy(_ parameters: String) throws -> ResolvedStrategy {
        if case .backtest(let backtest) = spec.body { return backtest.strategy }
        guard case .study(let study) = spec.body else { throw WorkloadError.notThisJob() }
        if let known = strategies.withLock({ $0[parameters] }) { return known }
        let values = try JSONDecoder().decode([String: ParameterValue].self, from: Data(parameters.utf8))
        let strategy = try study.strategy.resolved(values)
        strategies.withLock { strategies in
            // A trial's windows come close together, so starting over now and then costs next to nothing.
            if strategies.count >= Self.strategiesLimit { strategies = [:] }
            strategies[parameters] = strategy
        }
        return strategy
    }

    /// Handles on all series through which only `range` can be read. Throws `E_LOOK_AHEAD`.
    func clipped(to range: Range<Int>) throws -> [ClippedBars] { try series.map { try ClippedBars($0, readable: range) } }

    /// A range of the payload. Throws `E_WINDOW_RANGE` unless it lies within the data.
    func range(_ range: ProtoBarRange) throws -> Range<Int> {
        guard range.start >= 0, range.start <= range.end, range.end <= Int64(bars) else {
            throw WorkloadError.range(range.start, range.end, bars: bars)
        }
        return Int(range.start)..<Int(range.end)
    }
}
