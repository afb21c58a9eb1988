import Registry
import Synchronization

/// A registry in memory, with as much behaviour as the routes can notice.
final class FakeRegistry: ModelStore, DriftStore, DatasetStore {
    struct State {
        var versions: [ModelVersion] = []
        var aliases: [String: [String: Int64]] = [:]
        var promotions: [Promotion] = []
        var reports: [DriftReport] = []
        var datasets: [DatasetRecord] = []
    }

    let state = Mutex(State())

    /// Adds a version whose artifact has the given hash.
    func add(_ model: String, version: Int64, artifact: String) {
        let lineage = Lineage(
            datasetHash: "d", specHash: "s", codeVersion: "0.1.0", seed: .max, trialCount: 4, parent: nil, job: 1, strategy: "{}")
        state.withLock {
            $0.versions.append(
                ModelVersion(
                    model: model, version: version, artifact: artifact, lineage: lineage,
                    metrics: ["sharpe": 1.25, "calmar": .nan], registeredAt: 7))
        }
    }

    func register(model: String, artifact: String, lineage: Lineage, metrics: [String: Double], at: Int64) throws -> ModelVersion
    {
        ModelVersion(model: model, version: 1, artifact: artifact, lineage: lineage, metrics: metrics, registeredAt: at)
    }

    func models() throws -> [ModelSummary] {
        state.withLock { state in
            Set(state.versions.map(\.model)).sorted().map { model in
                ModelSummary(
                    model: model, versions: Int64(state.versions.count { $0.model == model }),
                    aliases: state.aliases[model] ?? [:])
            }
        }
    }

    func versions(of model: String) throws -> [ModelVersion] { state.withLock { $0.versions.filter { $0.model == model } } }

    func version(_ version: Int64, of model: String) throws -> ModelVersion? {
        state.withLock { $0.versions.first { $0.model == model && $0.version == version } }
    }

    func resolve(model: String, alias: String) throws -> ModelVersion? {
        try state.withLock { $0.aliases[model]?[alias] }.flatMap { try version($0, of: model) }
    }

    func promote(
        model: String, version: Int64, alias: String, by: String, reason: String, gate: String, gateValues: [String: Double],
        at: Int64,
        verify: (ModelVersion) throws -> Void
    ) throws -> Promotion {
        guard let found = try self.version(version, of: model) else { throw RegistryError.unknownVersion(version, of: model) }
        try verify(found)
        return state.withLock { state in
            let promotion = Promotion(
                model: model, alias: alias, from: state.aliases[model]?[alias], to: version, by: by, reason: reason, gate: gate,
                gateValues: gateValues, at: at)
            state.aliases[model, default: [:]][alias] = version
            state.promotions.append(promotion)
            return promotion
        }
    }

    func promotions(of model: String) throws -> [Promotion] { state.withLock { $0.promotions.filter { $0.model == model } } }
    func setRetrainSpec(_ spec: String?, of model: String) throws {}
    func retrainSpec(of model: String) throws -> String? { nil }

    func add(_ report: DriftReport) throws { state.withLock { $0.reports.append(report) } }
    func reports(of model: String, limit: Int) throws -> [DriftReport] {
        state.withLock { Array($0.reports.reversed().filter { $0.model == model }.prefix(limit)) }
    }
    func drifted(after: Int64, limit: Int) throws -> [DriftReport] { [] }

    func put(_ record: DatasetRecord) throws { state.withLock { $0.datasets.append(record) } }
    func datasets() throws -> [DatasetRecord] { state.withLock { $0.datasets } }
    func dataset(name: String) throws -> DatasetRecord? { state.withLock { $0.datasets.last { $0.name == name } } }
    func dataset(sha256: String) throws -> DatasetRecord? { state.withLock { $0.datasets.last { $0.sha256 == sha256 } } }
}
