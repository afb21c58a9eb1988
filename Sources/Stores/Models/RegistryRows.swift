import Registry

extension ModelVersion {
    /// Reads a row of `model_versions`.
    init(row: SQLRow) throws {
        guard let seed = UInt64(try row.text("seed")) else {
            throw StoreError(.corrupt, "a model version has a seed that is no number", hint: "the row was changed by hand")
        }
        let lineage = Lineage(
            datasetHash: try row.text("dataset_hash"), specHash: try row.text("spec_hash"),
            codeVersion: try row.text("code_version"),
            seed: seed, trialCount: try row.int("trial_count"), parent: try row.optionalInt("parent"), job: try row.int("job"),
            strategy: try row.text("strategy"))
        self.init(
            model: try row.text("model"), version: try row.int("version"), artifact: try row.text("artifact"), lineage: lineage,
            metrics: try StoredJSON.decode(try row.text("metrics")), registeredAt: try row.int("registered_at"))
    }
}

extension Promotion {
    /// Reads a row of `promotions`.
    init(row: SQLRow) throws {
        self.init(
            model: try row.text("model"), alias: try row.text("alias"), from: try row.optionalInt("from_version"),
            to: try row.int("to_version"), by: try row.text("decided_by"), reason: try row.text("reason"),
            gate: try row.text("gate"),
            gateValues: try StoredJSON.decode(try row.text("gate_values")), at: try row.int("promoted_at"))
    }
}

extension DriftReport {
    /// Reads a row of `drift_reports`.
    init(row: SQLRow) throws {
        self.init(
            id: try row.int("id"), model: try row.text("model"), version: try row.int("version"), node: try row.text("node"),
            rows: try row.int("rows_count"), drifted: try row.int("drifted") != 0, worstFeature: try row.text("worst_feature"),
            distances: try StoredJSON.decode(try row.text("distances")), at: try row.int("reported_at"))
    }
}

extension DatasetRecord {
    /// Reads a row of `datasets`.
    init(row: SQLRow) throws {
        self.init(
            sha256: try row.text("sha256"), name: try row.text("name"), rows: try row.int("rows_count"),
            series: try row.int("series"),
            firstTime: try row.int("first_time"), lastTime: try row.int("last_time"), importedAt: try row.int("imported_at"))
    }
}
