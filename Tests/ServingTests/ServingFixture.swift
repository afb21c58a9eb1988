import Learning
import Logging
import MarketData
import NIOPosix
import Registry
import Stores
import TestSupport

@testable import Serving

/// A registry with small models of three features, on a folder of its own.
final class ServingFixture: Sendable {
    static let features = ["return_1", "return_5", "volatility_20"]
    let home: TemporaryHome
    let models = InMemoryModelStore()
    let artifacts: FileArtifactStore
    let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    init() throws {
        home = try TemporaryHome()
        artifacts = try FileArtifactStore(root: home.path)
    }

    /// The features of a market, rows with all of them only.
    static func rows(seed: UInt64 = 5) throws -> (matrix: FeatureMatrix, closes: [Double]) {
        let bars = try SyntheticMarket(seed: seed, symbols: ["AAA"], bars: 900).generate().series[0]
        return (FeatureMatrix.compute(try FeatureName.parse(features), of: bars), bars.adjustedClose)
    }

    static func artifact(l2: Double = 1) throws -> ModelArtifact {
        let (matrix, closes) = try rows()
        let recipe = ModelRecipe(kind: .ridge, l2: l2, features: matrix.names, horizon: 2)
        let model = try ModelTrainer.fit(recipe, features: matrix, closes: closes, rows: 0..<matrix.rows)
        return try ModelArtifact(
            model: model, position: PositionRecord(kind: "sign"), datasetHash: String(repeating: "a", count: 64),
            trainRange: 0..<matrix.rows, lastTrainTime: 0, seed: 1, codeVersion: "test",
            profile: TrainingProfile(matrix, rows: 0..<matrix.rows))
    }

    /// Registers a version and points `champion` at it.
    @discardableResult
    func promote(l2: Double, job: Int64) throws -> ModelVersion {
        let files = try Self.artifact(l2: l2).encode()
        _ = try artifacts.put(files.weights)
        let manifest = try artifacts.put(files.manifest)
        let lineage = Lineage(
            datasetHash: String(repeating: "a", count: 64), specHash: "s", codeVersion: "test", seed: 1, trialCount: 1,
            parent: nil,
            job: job, strategy: "{}")
        let version = try models.register(model: "m", artifact: manifest, lineage: lineage, metrics: [:], at: 1)
        _ = try models.promote(
            model: "m", version: version.version, alias: "champion", by: "test", reason: "", gate: "", gateValues: [:], at: 2
        ) { _ in }
        return version
    }

    func host(_ threads: NIOThreadPool) -> ModelHost {
        ModelHost(model: "m", alias: "champion", models: models, artifacts: artifacts, threads: threads, logger: logger)
    }

    /// Runs `body` with a pool of threads that ends with it.
    func withHost(_ body: (ModelHost, NIOThreadPool) async throws -> Void) async throws {
        let threads = NIOThreadPool(numberOfThreads: 1)
        threads.start()
        do {
            try await body(host(threads), threads)
        } catch {
            try await threads.shutdownGracefully()
            throw error
        }
        try await threads.shutdownGracefully()
    }

    /// A model that is loaded, without a registry.
    static func loaded(version: Int64 = 1, l2: Double = 1) throws -> LoadedModel {
        let lineage = Lineage(
            datasetHash: "", specHash: "", codeVersion: "", seed: 1, trialCount: 1, parent: nil, job: 1, strategy: "{}")
        return LoadedModel(
            version: ModelVersion(model: "m", version: version, artifact: "", lineage: lineage, metrics: [:], registeredAt: 1),
            artifact: try artifact(l2: l2))
    }
}

extension InferenceRequest {
    /// A request of rows, as if it had been parsed.
    static func rows(_ rows: [[Double]], of model: LoadedModel) throws -> InferenceRequest {
        let data = rows.joined().map { "\($0)" }.joined(separator: ",")
        return try InferenceRequest(
            text: #"{"inputs":[{"name":"features","shape":[\#(rows.count),3],"datatype":"FP64","data":[\#(data)]}]}"#, for: model)
    }

    init(text: String, for model: LoadedModel) throws(ServingError) { try self.init(bytes: Array(text.utf8), for: model) }

    init(bytes: [UInt8], for model: LoadedModel) throws(ServingError) {
        let result: Result<InferenceRequest, ServingError> = bytes.withUnsafeBufferPointer { buffer in
            do throws(ServingError) { return .success(try InferenceRequest(buffer, for: model)) } catch { return .failure(error) }
        }
        self = try result.get()
    }
}
