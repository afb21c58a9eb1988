import Diagnostics
package import Registry

extension SQLModelStore {
    /// The artifact is verified inside the transaction, so that what is promoted was there and whole when the alias moved.
    package func promote(
        model: String, version: Int64, alias: String, by: String, reason: String, gate: String, gateValues: [String: Double],
        at: Int64,
        verify: (ModelVersion) throws -> Void
    ) throws -> Promotion {
        try RegistryName.check(model, of: "model")
        try RegistryName.check(alias, of: "alias")
        let values = try StoredJSON.encode(gateValues)
        return try write(on: .registry, once: true) { transaction in
            let stored = try transaction.query(
                "SELECT * FROM model_versions WHERE model = ? AND version = ?", [.text(model), .int(version)])
            guard let row = stored.first else { throw RegistryError.unknownVersion(version, of: model) }
            try verify(ModelVersion(row: row))
            let before = try transaction.query(
                "SELECT version FROM aliases WHERE model = ? AND alias = ?", [.text(model), .text(alias)])
            let promotion = Promotion(
                model: model, alias: alias, from: try before.first?.int("version"), to: version, by: StoredText.clean(by),
                reason: StoredText.clean(reason), gate: StoredText.clean(gate), gateValues: gateValues, at: at)
            try transaction.execute(
                """
                INSERT INTO aliases (model, alias, version) VALUES (?, ?, ?)
                ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version
                """, [.text(model), .text(alias), .int(version)])
            try transaction.execute(
                """
                INSERT INTO promotions (model, alias, from_version, to_version, decided_by, reason, gate, gate_values,
                promoted_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .text(model), .text(alias), .nullable(promotion.from), .int(version), .text(promotion.by),
                    .text(promotion.reason),
                    .text(promotion.gate), .text(values), .int(at),
                ])
            CrashPoint.storeAliasMoved.reached()
            try transaction.notify(Self.channel)
            return promotion
        }
    }

    package func promotions(of model: String) throws -> [Promotion] {
        try database.query("SELECT * FROM promotions WHERE model = ? ORDER BY id", [.freeText(model)]).map(Promotion.init(row:))
    }

    /// The number of the newest promotion of any model, 0 when there is none.
    static func newestPromotion(_ rows: [SQLRow]) throws -> Int64 { try rows.first?.optionalInt("id") ?? 0 }
    static let newestPromotionQuery = "SELECT max(id) AS id FROM promotions"
}
