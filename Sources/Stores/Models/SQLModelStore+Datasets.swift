package import Registry

extension SQLModelStore: DatasetStore {
    package func put(_ record: DatasetRecord) throws {
        // A new number makes the record the newest of its name.
        _ = try write(on: .datasets) { transaction in
            try transaction.execute(
                "DELETE FROM datasets WHERE name = ? AND sha256 = ?", [.freeText(record.name), .freeText(record.sha256)])
            try transaction.execute(
                """
                INSERT INTO datasets (sha256, name, rows_count, series, first_time, last_time, imported_at)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    .freeText(record.sha256), .freeText(record.name), .int(record.rows), .int(record.series),
                    .int(record.firstTime),
                    .int(record.lastTime), .int(record.importedAt),
                ])
        }
    }

    /// By name, the current one of a name first.
    package func datasets() throws -> [DatasetRecord] {
        try database.query("SELECT * FROM datasets ORDER BY name, id DESC").map(DatasetRecord.init(row:))
    }

    package func dataset(name: String) throws -> DatasetRecord? {
        try database.query("SELECT * FROM datasets WHERE name = ? ORDER BY id DESC LIMIT 1", [.freeText(name)])
            .first.map(DatasetRecord.init(row:))
    }

    package func dataset(sha256: String) throws -> DatasetRecord? {
        try database.query("SELECT * FROM datasets WHERE sha256 = ? ORDER BY id DESC LIMIT 1", [.freeText(sha256)])
            .first.map(DatasetRecord.init(row:))
    }
}
