/// What the importer assumes about a file and what it does about its flaws; the default refuses every flaw.
package struct ImportOptions: Sendable {
    /// The layout of the file.
    package enum Format: String, Sendable, CaseIterable {
        /// JSON Lines when the first character is a brace, otherwise CSV.
        case auto
        case csv
        case jsonl
    }

    /// What happens when rows are not in order of time.
    package enum OrderPolicy: String, Sendable, CaseIterable {
        case refuse
        case sort
    }

    /// What happens when a time comes twice in one series.
    package enum DuplicatePolicy: String, Sendable, CaseIterable {
        case refuse
        /// The row that comes first in the file stays.
        case keepFirst
        case keepLast
    }

    /// What happens when bars are missing; `GapRule` says what counts as a gap.
    package enum GapPolicy: String, Sendable, CaseIterable {
        /// The report has a warning.
        case report
        case refuse
        case ignore
    }

    /// What one step of a time written as an integer is.
    package enum TimeUnit: String, Sendable, CaseIterable {
        case seconds
        case milliseconds
        case microseconds
        case nanoseconds
    }

    /// The symbol of a file without a symbol column. The default does not depend on the file's name, so that the same rows
    /// have the same hash wherever they come from.
    package var symbol: String
    package var format: Format
    package var order: OrderPolicy
    package var duplicates: DuplicatePolicy
    package var gaps: GapPolicy
    /// The unit of integer times; nil tells it from their size, which works for the years 1980 to 2100.
    package var timeUnit: TimeUnit?
    /// Whether date-times of one file may have different offsets from UTC, as they do where clocks change in summer.
    package var allowsMixedOffsets: Bool
    /// The hash that the dataset must have.
    package var expectedSHA256: String?
    package var maximumRows: Int
    package var maximumFileBytes: Int

    /// The symbol of series that were imported without one.
    package static let defaultSymbol = "series"

    package init(
        symbol: String = ImportOptions.defaultSymbol, format: Format = .auto, order: OrderPolicy = .refuse,
        duplicates: DuplicatePolicy = .refuse, gaps: GapPolicy = .report, timeUnit: TimeUnit? = nil,
        allowsMixedOffsets: Bool = false, expectedSHA256: String? = nil, maximumRows: Int = 50_000_000,
        maximumFileBytes: Int = 16 << 30
    ) {
        self.symbol = symbol
        self.format = format
        self.order = order
        self.duplicates = duplicates
        self.gaps = gaps
        self.timeUnit = timeUnit
        self.allowsMixedOffsets = allowsMixedOffsets
        self.expectedSHA256 = expectedSHA256
        self.maximumRows = maximumRows
        self.maximumFileBytes = maximumFileBytes
    }
}
