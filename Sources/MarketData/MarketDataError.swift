package import Diagnostics

/// A mistake in market data, its files or what is asked of them.
package struct MarketDataError: DiagnosticError, Hashable {
    /// The stable name of a mistake together with whose move it is. Rooms of this module add their own in extensions.
    package struct Code: Sendable, Hashable {
        package let name: String
        package let category: DiagnosticCategory

        package init(_ name: String, _ category: DiagnosticCategory = .input) {
            self.name = name
            self.category = category
        }
    }

    package let kind: Code
    package let message: String
    package let place: Place?
    package let hint: String?

    package var code: String { kind.name }
    package var category: DiagnosticCategory { kind.category }

    package init(_ kind: Code, _ message: String, place: Place? = nil, hint: String? = nil) {
        self.kind = kind
        self.message = message
        self.place = place
        self.hint = hint
    }
}

// MARK: Files

extension MarketDataError.Code {
    /// The path is not a regular file that can be read: missing, a link, a device, a folder, forbidden or too large.
    package static let dataFile = Self("E_DATA_FILE")
    /// The file changed while it was read.
    package static let dataChanged = Self("E_DATA_CHANGED")
    /// The content's hash is not the one that was asked for.
    package static let dataHash = Self("E_DATA_HASH")
    /// More rows or series than the limits allow.
    package static let dataTooLarge = Self("E_DATA_TOO_LARGE")
    /// A file could not be written.
    package static let dataWrite = Self("E_DATA_WRITE", .unavailable)
}

// MARK: Text

extension MarketDataError.Code {
    /// No data rows.
    package static let csvEmpty = Self("E_CSV_EMPTY")
    /// The first row does not name columns.
    package static let csvHeader = Self("E_CSV_HEADER")
    /// A row with more or fewer fields than the header.
    package static let csvRagged = Self("E_CSV_RAGGED")
    /// A quoted field that does not end, or text after its end.
    package static let csvQuote = Self("E_CSV_QUOTE")
    /// A line longer than the limit.
    package static let csvLine = Self("E_CSV_LINE")
    /// Carriage returns that are not part of CRLF.
    package static let csvLineEnding = Self("E_CSV_LINE_ENDING")
    /// Not UTF-8 text: UTF-16, a compressed file, NUL bytes.
    package static let dataEncoding = Self("E_DATA_ENCODING")
    /// A line that is not one flat JSON object.
    package static let jsonLine = Self("E_JSONL")
    /// A cell that is not a finite number in plain notation.
    package static let number = Self("E_NUMBER")
}

// MARK: Meaning

extension MarketDataError.Code {
    /// A column is missing, given twice, or absent from some rows.
    package static let schema = Self("E_SCHEMA")
    /// A column whose name says that it holds the future.
    package static let leak = Self("E_LEAK")
    /// A time that cannot be read, or not in the form of the rows before it.
    package static let timeFormat = Self("E_TIME_FORMAT")
    /// A number as time whose unit cannot be told.
    package static let timeUnit = Self("E_TIME_UNIT")
    /// Times with different offsets from UTC in one file.
    package static let timeZone = Self("E_TIME_ZONE")
    /// The same time twice in one series.
    package static let duplicateTime = Self("E_DUPLICATE_TIME")
    /// Rows that are not in order of time.
    package static let unsorted = Self("E_UNSORTED")
    /// Missing bars where the policy allows none.
    package static let gap = Self("E_GAP")
    /// A bar that cannot be: high below low, open or close outside them, a price of zero or less, a negative volume.
    package static let ohlcInvariant = Self("E_OHLC_INVARIANT")
    /// A symbol or dataset name with characters or a length that are not allowed.
    package static let name = Self("E_NAME")
}

// MARK: Series and datasets

extension MarketDataError.Code {
    /// Columns of different lengths.
    package static let barsShape = Self("E_BARS_SHAPE")
    /// Bars were asked for outside what may be read.
    package static let lookAhead = Self("E_LOOK_AHEAD", .refused)
    /// Bytes that are not a dataset file, or a damaged one.
    package static let datasetFormat = Self("E_DATASET_FORMAT", .integrity)
    /// A dataset file whose content does not have the hash it should have.
    package static let datasetHash = Self("E_DATASET_HASH", .integrity)
    /// A dataset file of a version that this program does not know.
    package static let datasetVersion = Self("E_DATASET_VERSION", .integrity)
    /// No dataset of that name or hash.
    package static let datasetUnknown = Self("E_DATASET_UNKNOWN")
    /// Options of the synthetic market outside their limits.
    package static let synthetic = Self("E_SYNTHETIC")
}
