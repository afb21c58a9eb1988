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
    /// How positions share one cash pool.
    let sizing: Sizing
    /// The steps in which series are traded.
    let instruments: Instruments
    let datasetHash: String
    private let series: [(bars: Bars, places: [Int]?)]
    /// The times of the very last bars of each series.
    let lasts: [Int64]
    /// The number of bars of the calendar of all series.
    let bars: Int
    private let strategies = Mutex<[String: ResolvedStrategy]>([:])

    /// Throws what parsing, fetching and verifying throw.
    init(spec text: String, shelf: DatasetShelf, blobs: any BlobSource) throws {
        spec = try JobSpec.parse(text: text, file: nil)
        switch spec.body {
        case .study(let study):
            (costs, limits, sizing, instruments) = (study.costs, study.limits, study.sizing, study.instruments)
        case .backtest(let backtest):
            (costs, limits, sizing, instruments) = (backtest.costs, backtest.limits, backtest.sizing, backtest.instruments)
        case .retrain(let retrain):
            (costs, limits, sizing, instruments) = (retrain.costs, retrain.limits, retrain.sizing, retrain.instruments)
        case .drill, .command, .commandStudy: (costs, limits, sizing, instruments) = (.none, .none, .shares, .none)
        }
        guard let hash = spec.dataset?.sha256 else { throw WorkloadError.notThisJob() }
        datasetHash = hash
        let dataset = try shelf.dataset(hash, from: blobs)
        bars = dataset.rows
        let calendar = dataset.calendar
        series = dataset.series.map { ($0, Dataset.places(of: $0.time, on: calendar)) }
        lasts = dataset.series.map { $0.time.last ?? .min }
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
    func clipped(to range: Range<Int>) throws -> [CalendarSeries] {
        try series.map { try CalendarSeries($0.bars, places: $0.places, readable: range) }
    }

    /// A range of the payload. Throws `E_WINDOW_RANGE` unless it lies within the data.
    func range(_ range: ProtoBarRange) throws -> Range<Int> {
        guard range.start >= 0, range.start <= range.end, range.end <= Int64(bars) else {
            throw WorkloadError.range(range.start, range.end, bars: bars)
        }
        return Int(range.start)..<Int(range.end)
    }
}
