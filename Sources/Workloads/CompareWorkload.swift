import Backtest
import Cluster
import Learning
import MarketData
import Registry
import Wire

/// Runs several models over the same held-out bars, which none of them was fitted on, and measures each.
struct CompareWorkload {
    private let material: JobMaterial

    init(_ material: JobMaterial) { self.material = material }

    func run(_ task: ProtoCompareTask, _ context: TaskContext) throws -> ProtoCompareResult {
        let holdout = try material.range(task.holdout)
        var result = ProtoCompareResult()
        for model in task.models {
            try context.checkStopped()
            for (name, value) in try measure(model, holdout, context) where value.isFinite {
                result.metrics["\(model.role).\(name)"] = value
            }
        }
        return result
    }

    private func measure(
        _ model: ProtoCompareModel, _ holdout: Range<Int>, _ context: TaskContext
    ) throws -> [(name: String, value: Double)] {
        let manifest = try context.blobs.artifact(model.manifest)
        let weights = try context.blobs.artifact(ArtifactManifest.weights(in: manifest))
        let artifact = try ModelArtifact.decode(weights: weights, manifest: manifest)
        let fitted = try FittedStrategy(artifact)
        let lookback = FeatureMatrix.lookback(of: fitted.model.features)
        var positions: [[Double]] = []
        for series in try material.clipped(to: 0..<holdout.upperBound) {
            let judged = try series.read(holdout)
            if let opening = judged.time.first, opening <= artifact.lastTrainTime {
                throw WorkloadError.holdoutSeen(model.role, until: artifact.lastTrainTime, from: opening)
            }
            let panel = try FittedStrategy.Panel(series, range: holdout, before: lookback, features: fitted.model.features)
            positions.append(try fitted.targets(panel, holdout))
        }
        return try Performance(material.run(positions, over: holdout)).metrics
    }
}
