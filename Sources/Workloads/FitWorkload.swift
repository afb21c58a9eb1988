import Cluster
import Learning
import MarketData
import Specs
import SwiftProtobuf
import Wire

/// Fits the chosen strategy on all bars it may see and stores the model as an artifact with the head.
struct FitWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoFitTask, _ context: TaskContext) throws -> ProtoFitResult {
        let train = try material.range(task.train)
        guard case .model(let strategy) = try ResolvedStrategy(json: task.strategy).body else { throw WorkloadError.noModel() }
        let series = try material.clipped(to: train)
        let panels = try series.map { try FittedStrategy.Panel($0, range: train, features: strategy.features) }
        let fitted = try FittedStrategy(strategy, on: panels, train: train)
        try context.checkStopped()
        let pooled = FeatureMatrix(names: strategy.features, values: panels.flatMap(\.features.values))
        let artifact = try ModelArtifact(
            model: fitted.model, position: fitted.record, datasetHash: material.datasetHash, trainRange: train,
            lastTrainTime: series.compactMap { try $0.read(train).time.last }.max() ?? .min, seed: task.seed,
            codeVersion: CodeVersion.text, profile: TrainingProfile(pooled, rows: 0..<pooled.rows))
        let files = try artifact.encode()
        let weights = try context.blobs.putArtifact(files.weights)
        let manifest = try context.blobs.putArtifact(files.manifest)
        return ProtoFitResult.with { ($0.manifest, $0.weights, $0.codeVersion) = (manifest, weights, CodeVersion.build) }
    }
}
