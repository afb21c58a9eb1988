import Diagnostics
import Foundation

/// The part of a model's manifest that the registry reads: which other artifact it names.
package enum ArtifactManifest {
    private struct Document: Decodable {
        struct Weights: Decodable { var sha256: String }
        var weights: Weights
    }

    private static let limit = 4 << 20

    /// The hash of the weights. Throws `E_ARTIFACT_FORMAT` when the bytes are not a manifest.
    package static func weights(in manifest: [UInt8]) throws(RegistryError) -> String {
        guard manifest.count <= limit, let document = try? JSONDecoder().decode(Document.self, from: Data(manifest)),
            ContentHash.isWellFormed(document.weights.sha256)
        else {
            throw RegistryError("E_ARTIFACT_FORMAT", "the artifact is not a model's manifest", category: .integrity)
        }
        return document.weights.sha256
    }
}

extension ArtifactStore {
    /// Shows that a model's manifest and the weights it names exist and have their hashes; throws as `read` does.
    package func verifyModel(_ manifest: String) throws { try verify(ArtifactManifest.weights(in: read(manifest))) }
}
