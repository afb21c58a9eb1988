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
    private static let trialsLimit = 32

    let spec: JobSpec
    private let trading: Trading
    var costs: Costs { trading.costs }
    var limits: Limits { trading.limits }
    /// How positions share one cash pool.
    var sizing: Sizing { trading.sizing }
    /// The steps in which series are traded.
    var instruments: Instruments { trading.instruments }
    let datasetHash: String
    /// What each window of a study with a pruner is judged by.
    let windowObjective: MetricName?
    private let series: [(bars: Bars, places: [Int]?)]
    /// The times of the very last bars of each series.
    let lasts: [Int64]
    /// The number of bars of the calendar of all series.
    let bars: Int
    private let trials = Mutex<[String: TrialStrategy]>([:])

    private struct TrialStrategy {
        let strategy: ResolvedStrategy
        let key: WindowKey?
    }

    /// Throws what parsing, fetching and verifying throw.
    init(spec text: String, shelf: DatasetShelf, blobs: any BlobSource) throws {
        spec = try JobSpec.parse(text: text, file: nil)
        switch spec.body {
        case .study(let study): trading = Trading(study)
        case .nested(let nested): trading = Trading(nested.study)
        case .backtest(let backtest): trading = Trading(backtest)
        case .stress(let stress): trading = Trading(stress.backtest)
        case .certify(let certify): trading = Trading(certify.backtest)
        case .crossValidate(let validation): trading = Trading(validation.backtest)
        case .retrain(let retrain):
            trading = Trading(
                costs: retrain.costs, limits: retrain.limits, sizing: retrain.sizing, instruments: retrain.instruments)
        case .sweep(let sweep): trading = Trading(costs: sweep.costs, limits: sweep.limits)
        case .drill, .command, .commandStudy: trading = Trading()
        }
        windowObjective = spec.windowObjective.flatMap(MetricName.init(rawValue:))
        guard let hash = spec.dataset?.sha256 else { throw WorkloadError.notThisJob() }
        datasetHash = hash
        let dataset = try shelf.dataset(hash, from: blobs)
        bars = dataset.rows
        let calendar = dataset.calendar
        series = dataset.series.map { ($0, Dataset.places(of: $0.time, on: calendar)) }
        lasts = dataset.series.map { $0.time.last ?? .min }
    }

    /// The strategy of a trial, by its parameters as JSON.
    func strategy(_ parameters: String) throws -> ResolvedStrategy { try trial(parameters).strategy }

    /// What the results of a trial's windows are known by, if they are kept for other jobs.
    func windowKey(_ parameters: String) throws -> WindowKey? { try trial(parameters).key }

    private func trial(_ parameters: String) throws -> TrialStrategy {
        if let known = trials.withLock({ $0[parameters] }) { return known }
        let values = try JSONDecoder().decode([String: ParameterValue].self, from: Data(parameters.utf8))
        let strategy = try spec.strategy(values)
        let trial = TrialStrategy(strategy: strategy, key: WindowKey(spec, strategy: strategy))
        trials.withLock { trials in
            // A trial's windows come close together, so starting over now and then costs next to nothing.
            if trials.count >= Self.trialsLimit { trials = [:] }
            trials[parameters] = trial
        }
        return trial
    }

    /// Handles on all series through which only `range` can be read. Throws `E_LOOK_AHEAD`.
    func clipped(to range: Range<Int>) throws -> [CalendarSeries] {
        try series.map { try CalendarSeries($0.bars, places: $0.places, readable: range) }
    }

    /// All series, for work that changes bars or slices them alike. Throws `E_DATASET_CALENDAR` when one lacks bars of the calendar.
    func aligned() throws(WorkloadError) -> [Bars] {
        for (bars, places) in series where places != nil { throw .calendar(bars.symbol, bars.count, self.bars) }
        return series.map(\.bars)
    }

    /// A range of the payload. Throws `E_WINDOW_RANGE` unless it lies within the data.
    func range(_ range: ProtoBarRange) throws -> Range<Int> {
        guard range.start >= 0, range.start <= range.end, range.end <= Int64(bars) else {
            throw WorkloadError.range(range.start, range.end, bars: bars)
        }
        return Int(range.start)..<Int(range.end)
    }
}

/// How a job trades what its strategy decides.
private struct Trading {
    var costs = Costs.none
    var limits = Limits.none
    var sizing = Sizing.shares
    var instruments = Instruments.none
}

extension Trading {
    init(_ study: StudySpec) {
        self.init(costs: study.costs, limits: study.limits, sizing: study.sizing, instruments: study.instruments)
    }

    init(_ backtest: BacktestSpec) {
        self.init(costs: backtest.costs, limits: backtest.limits, sizing: backtest.sizing, instruments: backtest.instruments)
    }
}
