package import Registry

extension SQLModelStore: DriftStore {
    package func add(_ report: DriftReport) throws {
        let distances = try StoredJSON.encode(report.distances)
        // One at a time, so that whoever reads on from the last number seen misses none.
        _ = try write(on: .drift, once: true) { transaction in
            try transaction.execute(
                """
                INSERT INTO drift_reports (model, version, node, rows_count, drifted, worst_feature, distances, reported_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .freeText(report.model), .int(report.version), .freeText(report.node), .int(report.rows),
                    .bool(report.drifted),
                    .freeText(report.worstFeature), .text(distances), .int(report.at),
                ])
        }
    }

    package func reports(of model: String, limit: Int) throws -> [DriftReport] {
        try database.query(
            "SELECT * FROM drift_reports WHERE model = ? ORDER BY id DESC LIMIT ?",
            [.freeText(model), .int(Int64(max(limit, 0)))]
        ).map(DriftReport.init(row:))
    }

    package func drifted(after: Int64, limit: Int) throws -> [DriftReport] {
        try database.query(
            "SELECT * FROM drift_reports WHERE drifted = 1 AND id > ? ORDER BY id LIMIT ?",
            [.int(after), .int(Int64(max(limit, 0)))]
        ).map(DriftReport.init(row:))
    }
}
