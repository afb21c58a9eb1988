import Diagnostics
package import Registry

/// The model registry, the drift reports and the datasets on a database.
package final class SQLModelStore: ModelStore {
    /// The channel that promotions are announced on.
    static let channel = "bellwether_registry"

    let database: any SQLDatabase
    private let headTerm: HeadTerm

    /// With a `headTerm` that has been raised, every write checks it first, so that a head that was replaced cannot
    /// change the registry either.
    package init(database: any SQLDatabase, headTerm: HeadTerm = HeadTerm()) {
        self.database = database
        self.headTerm = headTerm
    }

    package func register(
        model: String, artifact: String, lineage: Lineage, metrics: [String: Double], at: Int64
    ) throws -> ModelVersion {
        try RegistryName.check(model, of: "model")
        let metricsText = try StoredJSON.encode(metrics)
        return try write(on: .registry) { transaction in
            if lineage.job > 0 {
                let rows = try transaction.query("SELECT * FROM model_versions WHERE job = ?", [.int(lineage.job)])
                if let row = rows.first { return try ModelVersion(row: row) }
            }
            try transaction.execute("INSERT INTO models (name) VALUES (?) ON CONFLICT (name) DO NOTHING", [.text(model)])
            let highest = try transaction.query(
                "SELECT max(version) AS version FROM model_versions WHERE model = ?", [.text(model)])
            let version = ModelVersion(
                model: model, version: (try highest.first?.optionalInt("version") ?? 0) + 1, artifact: artifact, lineage: lineage,
                metrics: metrics, registeredAt: at)
            try transaction.execute(
                """
                INSERT INTO model_versions (model, version, artifact, dataset_hash, spec_hash, code_version, seed, trial_count,
                parent, job, strategy, metrics, registered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(model), .int(version.version), .freeText(artifact), .freeText(lineage.datasetHash),
                    .freeText(lineage.specHash), .freeText(lineage.codeVersion), .text(String(lineage.seed)),
                    .int(lineage.trialCount),
                    .nullable(lineage.parent), .int(lineage.job), .freeText(lineage.strategy), .text(metricsText), .int(at),
                ])
            CrashPoint.storeVersionWritten.reached()
            return version
        }
    }

    package func models() throws -> [ModelSummary] {
        let rows = try database.query(
            """
            SELECT models.name AS model, count(model_versions.version) AS versions FROM models
            LEFT JOIN model_versions ON model_versions.model = models.name GROUP BY models.name ORDER BY models.name
            """)
        var aliases: [String: [String: Int64]] = [:]
        for row in try database.query("SELECT model, alias, version FROM aliases") {
            aliases[try row.text("model"), default: [:]][try row.text("alias")] = try row.int("version")
        }
        return try rows.map { row in
            let model = try row.text("model")
            return ModelSummary(model: model, versions: try row.int("versions"), aliases: aliases[model] ?? [:])
        }
    }

    package func versions(of model: String) throws -> [ModelVersion] {
        try database.query("SELECT * FROM model_versions WHERE model = ? ORDER BY version", [.freeText(model)])
            .map(ModelVersion.init(row:))
    }

    package func version(_ version: Int64, of model: String) throws -> ModelVersion? {
        try database.query("SELECT * FROM model_versions WHERE model = ? AND version = ?", [.freeText(model), .int(version)])
            .first.map(ModelVersion.init(row:))
    }

    package func resolve(model: String, alias: String) throws -> ModelVersion? {
        try database.query(
            """
            SELECT model_versions.* FROM aliases JOIN model_versions ON model_versions.model = aliases.model
            AND model_versions.version = aliases.version WHERE aliases.model = ? AND aliases.alias = ?
            """, [.freeText(model), .freeText(alias)]
        ).first.map(ModelVersion.init(row:))
    }

    package func setRetrainSpec(_ spec: String?, of model: String) throws {
        try RegistryName.check(model, of: "model")
        _ = try write(on: .registry) { transaction in
            try transaction.execute(
                """
                INSERT INTO models (name, retrain_spec) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET retrain_spec = excluded.retrain_spec
                """, [.text(model), .freeText(spec)])
        }
    }

    package func retrainSpec(of model: String) throws -> String? {
        try database.query("SELECT retrain_spec FROM models WHERE name = ?", [.freeText(model)]).first?.optionalText(
            "retrain_spec")
    }

    /// A transaction that waits its turn at `lock` and checks that this head, if it is one, still holds its term.
    /// `once` is for bodies that must not run again when the answer to their commit was lost.
    func write<Result>(on lock: SQLLock, once: Bool = false, _ body: (any SQLTransaction) throws -> Result) throws -> Result {
        let term = headTerm.current
        func fenced(_ transaction: any SQLTransaction) throws -> Result {
            try transaction.serialize(on: lock)
            if let term { try HeadTerm.check(term, transaction) }
            return try body(transaction)
        }
        return once ? try database.transaction(fenced) : try database.repeatableTransaction { try fenced($0) }
    }
}
