/// The model registry's tables. Calls block.
package protocol ModelStore: AnyObject, Sendable {
    /// Registers a version under the next free number. A job that has registered one already gets that one back.
    func register(
        model: String, artifact: String, lineage: Lineage, metrics: [String: Double], at: Int64
    ) throws -> ModelVersion
    func models() throws -> [ModelSummary]
    func versions(of model: String) throws -> [ModelVersion]
    func version(_ version: Int64, of model: String) throws -> ModelVersion?
    /// The version that `alias` names now.
    func resolve(model: String, alias: String) throws -> ModelVersion?
    /// Points `alias` at `version` in one transaction, after `verify` has shown that the artifact exists and its hash
    /// matches; records the promotion and notifies watchers. Throws `E_PROMOTE_VERSION` for an unknown version and
    /// whatever `verify` throws.
    func promote(
        model: String, version: Int64, alias: String, by: String, reason: String, gate: String, gateValues: [String: Double],
        at: Int64,
        verify: (ModelVersion) throws -> Void
    ) throws -> Promotion
    /// Oldest first.
    func promotions(of model: String) throws -> [Promotion]
    /// The retrain job of a model: a spec as canonical JSON.
    func setRetrainSpec(_ spec: String?, of model: String) throws
    func retrainSpec(of model: String) throws -> String?
}

/// A model with its aliases.
package struct ModelSummary: Sendable, Hashable, Codable {
    package var model: String
    package var versions: Int64
    /// Alias to version.
    package var aliases: [String: Int64]
    package init(model: String, versions: Int64, aliases: [String: Int64]) {
        self.model = model
        self.versions = versions
        self.aliases = aliases
    }
}
