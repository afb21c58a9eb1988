import Diagnostics
package import Learning
import MarketData
package import Registry

/// A verified version, ready to answer: everything a request needs, and nothing that changes.
package final class LoadedModel: Sendable {
    package let version: ModelVersion
    package let artifact: ModelArtifact
    /// Features by name, for requests that send one input a feature.
    let columns: [String: Int]

    init(version: ModelVersion, artifact: ModelArtifact) {
        self.version = version
        self.artifact = artifact
        var columns: [String: Int] = [:]
        for (column, name) in artifact.model.features.enumerated() { columns[name.description] = column }
        self.columns = columns
    }

    var width: Int { artifact.model.features.count }

    /// Reads a version's files, each verified against its hash, and asks the model for one prediction before anyone else does.
    /// Throws what the store and the artifact's reader throw.
    static func load(_ version: ModelVersion, from artifacts: any ArtifactStore) throws -> LoadedModel {
        let manifest = try artifacts.read(version.artifact)
        let weights = try artifacts.read(ArtifactManifest.weights(in: manifest))
        let artifact = try ModelArtifact.decode(weights: weights, manifest: manifest)
        let typical = artifact.profile.features.map(\.mean)
        guard try artifact.model.predict(typical).isFinite else {
            throw ServingError("E_MODEL_SCHEMA", "version \(version.version) does not predict a number", category: .integrity)
        }
        return LoadedModel(version: version, artifact: artifact)
    }
}
