/// A dataset the head holds. The same content has one hash whatever names it was given.
package struct DatasetRecord: Sendable, Hashable, Codable {
    /// SHA-256 of the canonical content.
    package var sha256: String
    package var name: String
    /// Bars of the calendar, and how many series.
    package var rows: Int64
    package var series: Int64
    /// First and last bar, milliseconds since 1970 UTC.
    package var firstTime: Int64
    package var lastTime: Int64
    package var importedAt: Int64
    package init(sha256: String, name: String, rows: Int64, series: Int64, firstTime: Int64, lastTime: Int64, importedAt: Int64) {
        self.sha256 = sha256
        self.name = name
        self.rows = rows
        self.series = series
        self.firstTime = firstTime
        self.lastTime = lastTime
        self.importedAt = importedAt
    }
}

/// The datasets table: names point at hashes, and the newest record of a name is the current one. Calls block.
package protocol DatasetStore: AnyObject, Sendable {
    /// Adds the record, or makes it the current one of its name again.
    func put(_ record: DatasetRecord) throws
    func datasets() throws -> [DatasetRecord]
    /// The current dataset of `name`.
    func dataset(name: String) throws -> DatasetRecord?
    func dataset(sha256: String) throws -> DatasetRecord?
}
