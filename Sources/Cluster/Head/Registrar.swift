import Diagnostics
import Logging
import Registry
import Scheduling

/// A model version that a job made, and the aliases it may take.
struct ModelRegistration: Sendable {
    struct Candidacy: Sendable {
        var alias: String
        /// Nil: the alias is taken without a condition.
        var gate: PromotionGate?
    }

    var model: String
    /// SHA-256 of the artifact's manifest.
    var manifest: String
    var lineage: Lineage
    var metrics: [String: Double]
    /// What the gates may name; the metrics when empty.
    var gateValues: [String: Double] = [:]
    var promotions: [Candidacy] = []
    /// The model's retrain job, when the spec has one.
    var retrainSpec: String?

    init(model: String, manifest: String, lineage: Lineage, metrics: [String: Double]) {
        self.model = model
        self.manifest = manifest
        self.lineage = lineage
        self.metrics = metrics
    }
}

/// Registers what jobs made and moves aliases as their gates say. Blocks on the store; a job that is concluded twice, because
/// the head died in between, registers one version.
struct Registrar: Sendable {
    let stores: Head.Stores
    let configuration: HeadConfiguration

    init(stores: Head.Stores, configuration: HeadConfiguration) {
        self.stores = stores
        self.configuration = configuration
    }

    /// Adds version and gate to `result`. An error that is not for now only is the job's: its work is done, but nothing came
    /// of it.
    func register(_ registration: ModelRegistration, job: JobRecord, into result: inout JobResult) throws {
        try stores.artifacts.verifyModel(registration.manifest)
        let version = try stores.models.register(
            model: registration.model, artifact: registration.manifest, lineage: registration.lineage,
            metrics: registration.metrics, at: WallClock.milliseconds)
        result.model = registration.model
        result.version = version.version
        if let retrain = registration.retrainSpec { try stores.models.setRetrainSpec(retrain, of: registration.model) }
        let values = registration.gateValues.isEmpty ? registration.metrics : registration.gateValues
        for candidacy in registration.promotions { try decide(candidacy, version, values, job: job, into: &result) }
    }

    private func decide(
        _ candidacy: ModelRegistration.Candidacy, _ version: ModelVersion, _ values: [String: Double], job: JobRecord,
        into result: inout JobResult
    ) throws {
        var reason = "registered by job \(job.id)"
        var verdict: GateVerdict?
        if let gate = candidacy.gate {
            let decided = gate.evaluate(values: values)
            verdict = decided
            result.gate = GateView(
                expression: gate.description, passed: decided.passed, values: decided.values, alias: candidacy.alias)
            guard decided.passed else { return }
            reason = "gate passed: \(gate)"
        }
        // Concluding the same job again after a crash finds the alias where it put it.
        if try stores.models.resolve(model: version.model, alias: candidacy.alias)?.version == version.version { return }
        _ = try stores.models.promote(
            model: version.model, version: version.version, alias: candidacy.alias, by: "job \(job.id)", reason: reason,
            gate: candidacy.gate?.description ?? "", gateValues: verdict?.values ?? [:], at: WallClock.milliseconds
        ) { try stores.artifacts.verifyModel($0.artifact) }
    }
}
