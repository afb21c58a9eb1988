/// What a catalogue knows of one name.
package struct CatalogueEntry: Sendable, Hashable, Codable {
    package var name: String
    /// SHA-256 of the canonical content; the file is `datasets/<sha256>.bwd`.
    package var sha256: String
    /// Bars of the calendar: the different times of all series.
    package var rows: Int
    package var series: Int
    /// First and last bar, milliseconds since 1970 UTC.
    package var firstTime: Int64
    package var lastTime: Int64
    /// Size of the dataset file.
    package var bytes: Int
    /// Milliseconds since 1970 UTC, as the caller's clock said.
    package var importedAt: Int64

    package init(
        name: String, sha256: String, rows: Int, series: Int, firstTime: Int64, lastTime: Int64, bytes: Int, importedAt: Int64
    ) {
        self.name = name
        self.sha256 = sha256
        self.rows = rows
        self.series = series
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.bytes = bytes
        self.importedAt = importedAt
    }
}
