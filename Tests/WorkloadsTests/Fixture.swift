import Backtest
import Cluster
import Foundation
import MarketData
import Registry
import Specs
import SwiftProtobuf
import Synchronization
import TestSupport
import Wire

/// Datasets in a folder and artifacts in memory, as a worker would have fetched them.
final class FakeBlobs: BlobSource {
    struct Missing: Error {}
    private let home: TemporaryHome
    private let artifacts = Mutex<[String: [UInt8]]>([:])

    init() throws { home = try TemporaryHome() }

    func add(_ dataset: Dataset) throws { _ = try DatasetFile.write(dataset, to: home.path + "/" + dataset.sha256) }
    func datasetPath(_ sha256: String) throws -> String { home.path + "/" + sha256 }

    func artifact(_ sha256: String) throws -> [UInt8] {
        guard let bytes = artifacts.withLock({ $0[sha256] }) else { throw Missing() }
        return bytes
    }

    func putArtifact(_ bytes: [UInt8]) throws -> String {
        let sha256 = ContentHash.sha256(bytes)
        artifacts.withLock { $0[sha256] = bytes }
        return sha256
    }
}

/// A dataset, a job on it, and what a task of that job may use.
struct Fixture {
    let dataset: Dataset
    let blobs: FakeBlobs
    let job: WorkerJob

    static let model = """
        features: [return_1, return_5, volatility_20]
          label: {forwardReturn: 2}
          model: {kind: ridge, l2: {float: [0.001, 100.0], log: true}}
          position: {kind: proportional}
        """

    static let rule = """
        rule: {kind: movingAverageCross, fast: {int: [2, 9]}, slow: 20, short: 1}
        """

    static let parameters = #"{"model.l2":0.5}"#
    static let ruleParameters = #"{"rule.fast":5}"#

    init(
        _ dataset: Dataset? = nil, symbols: [String] = ["AAA"], strategy: String = Fixture.model, sections: String = ""
    ) throws {
        let dataset = try dataset ?? Self.market(symbols)
        blobs = try FakeBlobs()
        try blobs.add(dataset)
        self.dataset = dataset
        let spec = try JobSpec.parse(
            text: """
                job: study
                name: s
                dataset: data
                strategy:
                  \(strategy)
                walkForward: {train: 200, test: 50}
                costs: {commission: 0.001, slippage: 0.0005}
                limits: {maxPosition: 1.0}
                search: {sampler: random, trials: 3, seed: 3}
                objective: {maximize: sharpe}
                \(sections)
                """)
        job = WorkerJob(id: 1, spec: spec.canonicalJSON(datasetHash: dataset.sha256))
    }

    static func market(_ symbols: [String] = ["AAA"], bars: Int = 400) throws -> Dataset {
        try SyntheticMarket(seed: 11, symbols: symbols, bars: bars).generate()
    }

    static let costs = Costs(commission: 0.001, slippage: 0.0005)
    static var limits: Limits {
        var limits = Limits.none
        limits.maxPosition = 1
        return limits
    }

    func context(_ flag: StopFlag = StopFlag()) -> TaskContext { TaskContext(blobs: blobs, stopped: flag) }

    /// Runs one task on a fresh worker.
    func run(_ kind: ProtoTaskPayload.OneOf_Kind, _ flag: StopFlag = StopFlag()) throws -> ProtoTaskResult {
        try WorkerTask.run(kind, of: job, context(flag))
    }

    func window(
        train: Range<Int> = 100..<300, test: Range<Int> = 300..<350, parameters: String = Fixture.parameters
    ) throws -> ProtoWindowResult {
        try run(
            .window(
                .with {
                    $0.parameters = parameters
                    $0.train = .with { ($0.start, $0.end) = (Int64(train.lowerBound), Int64(train.upperBound)) }
                    $0.test = .with { ($0.start, $0.end) = (Int64(test.lowerBound), Int64(test.upperBound)) }
                })
        ).window
    }
}

extension ProtoBarRange {
    static func bars(_ range: Range<Int>) -> ProtoBarRange {
        .with { ($0.start, $0.end) = (Int64(range.lowerBound), Int64(range.upperBound)) }
    }
}
