package import Registry

/// A registry that forgets everything with its process; its answers are those of `SQLModelStore`.
package final class InMemoryModelStore: ModelStore {
    let storage: InMemoryStorage
    private let headTerm: HeadTerm

    package init(storage: InMemoryStorage = InMemoryStorage(), headTerm: HeadTerm = HeadTerm()) {
        self.storage = storage
        self.headTerm = headTerm
    }

    package func register(
        model: String, artifact: String, lineage: Lineage, metrics: [String: Double], at: Int64
    ) throws -> ModelVersion {
        try RegistryName.check(model, of: "model")
        return try write { tables in
            if lineage.job > 0 {
                for stored in tables.models.values {
                    if let version = stored.versions.first(where: { $0.lineage.job == lineage.job }) { return version }
                }
            }
            let version = ModelVersion(
                model: model, version: Int64(tables.models[model]?.versions.count ?? 0) + 1, artifact: artifact, lineage: lineage,
                metrics: metrics, registeredAt: at)
            tables.models[model, default: .init()].versions.append(version)
            return version
        }
    }

    package func models() throws -> [ModelSummary] {
        storage.read { tables in
            tables.models.map { ModelSummary(model: $0, versions: Int64($1.versions.count), aliases: $1.aliases) }
                .sorted { Array($0.model.utf8).lexicographicallyPrecedes(Array($1.model.utf8)) }
        }
    }

    package func versions(of model: String) throws -> [ModelVersion] { storage.read { $0.models[model]?.versions ?? [] } }

    package func version(_ version: Int64, of model: String) throws -> ModelVersion? {
        storage.read { Self.version(version, of: model, $0) }
    }

    package func resolve(model: String, alias: String) throws -> ModelVersion? {
        storage.read { tables in
            tables.models[model]?.aliases[alias].flatMap { Self.version($0, of: model, tables) }
        }
    }

    package func promote(
        model: String, version: Int64, alias: String, by: String, reason: String, gate: String, gateValues: [String: Double],
        at: Int64,
        verify: (ModelVersion) throws -> Void
    ) throws -> Promotion {
        try RegistryName.check(model, of: "model")
        try RegistryName.check(alias, of: "alias")
        return try write { tables in
            guard let candidate = Self.version(version, of: model, tables) else {
                throw RegistryError.unknownVersion(version, of: model)
            }
            try verify(candidate)
            let promotion = Promotion(
                model: model, alias: alias, from: tables.models[model]?.aliases[alias], to: version, by: StoredText.clean(by),
                reason: StoredText.clean(reason), gate: StoredText.clean(gate), gateValues: gateValues, at: at)
            tables.models[model]?.aliases[alias] = version
            tables.promotions.append(promotion)
            return promotion
        }
    }

    package func promotions(of model: String) throws -> [Promotion] {
        storage.read { $0.promotions.filter { $0.model == model } }
    }

    package func setRetrainSpec(_ spec: String?, of model: String) throws {
        try RegistryName.check(model, of: "model")
        try write { $0.models[model, default: .init()].retrainSpec = spec.map(StoredText.clean) }
    }

    package func retrainSpec(of model: String) throws -> String? { storage.read { $0.models[model]?.retrainSpec } }

    private func write<Result>(_ body: (inout InMemoryStorage.Tables) throws -> Result) throws -> Result {
        let term = headTerm.current
        return try storage.write { tables in
            if let term, term != tables.term { throw HeadTerm.fenced(term, tables.term, by: tables.holder) }
            return try body(&tables)
        }
    }

    private static func version(_ version: Int64, of model: String, _ tables: InMemoryStorage.Tables) -> ModelVersion? {
        tables.models[model]?.versions.first { $0.version == version }
    }
}

extension InMemoryModelStore: DriftStore {
    package func add(_ report: DriftReport) throws {
        try write { tables in
            var numbered = report
            numbered.id = Int64(tables.drift.count) + 1
            tables.drift.append(numbered)
        }
    }

    package func reports(of model: String, limit: Int) throws -> [DriftReport] {
        storage.read { Array($0.drift.reversed().filter { $0.model == model }.prefix(max(limit, 0))) }
    }

    package func drifted(after: Int64, limit: Int) throws -> [DriftReport] {
        storage.read { Array($0.drift.filter { $0.drifted && $0.id > after }.prefix(max(limit, 0))) }
    }
}

extension InMemoryModelStore: DatasetStore {
    package func put(_ record: DatasetRecord) throws {
        try write { tables in
            tables.datasets.removeAll { $0.name == record.name && $0.sha256 == record.sha256 }
            tables.datasets.append(record)
        }
    }

    package func datasets() throws -> [DatasetRecord] {
        storage.read { tables in
            // Sorting keeps the order of equals, so the newest of a name comes first.
            tables.datasets.reversed().sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }
        }
    }

    package func dataset(name: String) throws -> DatasetRecord? { storage.read { $0.datasets.last { $0.name == name } } }

    package func dataset(sha256: String) throws -> DatasetRecord? { storage.read { $0.datasets.last { $0.sha256 == sha256 } } }
}
