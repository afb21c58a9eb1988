/// What an import found.
package struct ImportReport: Sendable, Hashable, Codable {
    /// Bars of all series together.
    package var rows: Int
    package var series: Int
    /// First and last bar, milliseconds since 1970 UTC.
    package var firstTime: Int64
    package var lastTime: Int64
    /// Rows left out under the duplicate policy.
    package var duplicatesDropped: Int
    /// Columns that were not used, as the file names them.
    package var ignoredColumns: [String]
    /// Whether the file had an adjusted close and a volume.
    package var hasAdjustedClose: Bool
    package var hasVolume: Bool
    /// At most `ImportWarning.limit` of each kind, in the order of the series.
    package var warnings: [ImportWarning]
    /// All warnings, those left out of `warnings` as well.
    package var warningCount: Int
}
