/// One trained model as it was registered; immutable. Versions of a model count from 1.
package struct ModelVersion: Sendable, Hashable, Codable {
    package var model: String
    package var version: Int64
    /// SHA-256 of the JSON manifest, which names the weights by their own hash.
    package var artifact: String
    package var lineage: Lineage
    /// Out-of-sample metrics it was registered with, by name.
    package var metrics: [String: Double]
    /// Wall clock, milliseconds since 1970.
    package var registeredAt: Int64
    package init(
        model: String, version: Int64, artifact: String, lineage: Lineage, metrics: [String: Double], registeredAt: Int64
    ) {
        self.model = model
        self.version = version
        self.artifact = artifact
        self.lineage = lineage
        self.metrics = metrics
        self.registeredAt = registeredAt
    }
}

/// Where a version came from: enough to make it again.
package struct Lineage: Sendable, Hashable, Codable {
    package var datasetHash: String
    package var specHash: String
    package var codeVersion: String
    package var seed: UInt64
    /// How many trials it was picked from.
    package var trialCount: Int64
    /// The version it succeeds, when it was retrained.
    package var parent: Int64?
    /// The job that made it; one job registers at most one version.
    package var job: Int64
    /// The strategy with the chosen parameters, as canonical JSON: what a retrain starts from.
    package var strategy: String
    package init(
        datasetHash: String, specHash: String, codeVersion: String, seed: UInt64, trialCount: Int64, parent: Int64?, job: Int64,
        strategy: String
    ) {
        self.datasetHash = datasetHash
        self.specHash = specHash
        self.codeVersion = codeVersion
        self.seed = seed
        self.trialCount = trialCount
        self.parent = parent
        self.job = job
        self.strategy = strategy
    }
}
