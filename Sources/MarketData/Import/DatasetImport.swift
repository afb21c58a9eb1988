import Diagnostics

/// A dataset made from a file, and what there is to say about it.
package struct ImportedDataset: Sendable {
    package let dataset: Dataset
    package let report: ImportReport
}

/// Makes datasets from CSV and JSON Lines.
///
/// The first error ends the import and says row and column; rows are lines of the file, counted from 1. The columns date,
/// open, high, low and close are needed in any order; symbol (one series a symbol), adjusted close and volume are optional;
/// others are ignored, unless their name says that they hold the future (`E_LEAK`).
package enum DatasetImport {
    /// Imports the file at `path`.
    ///
    /// Throws `E_DATA_FILE`, `E_DATA_CHANGED`, `E_DATA_HASH`, `E_DATA_TOO_LARGE`, `E_DATA_ENCODING` about the file as a whole;
    /// `E_CSV_...`, `E_JSONL`, `E_NUMBER`, `E_TIME_...` about its text; `E_SCHEMA`, `E_LEAK`, `E_NAME`, `E_OHLC_INVARIANT`,
    /// `E_UNSORTED`, `E_DUPLICATE_TIME`, `E_GAP` about its meaning.
    package static func file(
        _ path: String, options: ImportOptions = ImportOptions()
    ) throws(MarketDataError) -> ImportedDataset {
        try file(InputFile(path: path, limit: options.maximumFileBytes), options: options)
    }

    /// Imports the text in `bytes`; `name` stands for the file in places.
    package static func bytes(
        _ bytes: [UInt8], name: String? = nil, options: ImportOptions = ImportOptions()
    ) throws(MarketDataError) -> ImportedDataset {
        try read(LineReader(.bytes(bytes), name: name), options)
    }

    /// Imports a file that is open already.
    static func file(_ file: InputFile, options: ImportOptions) throws(MarketDataError) -> ImportedDataset {
        try read(LineReader(.file(file), name: file.path), options)
    }

    private static func read(_ lines: LineReader, _ options: ImportOptions) throws(MarketDataError) -> ImportedDataset {
        let values = UnsafeMutablePointer<Double>.allocate(capacity: 6)
        values.initialize(repeating: 0, count: 6)
        defer { values.deallocate() }
        let imported = try readRows(lines, options, values)
        guard let expected = options.expectedSHA256, expected != imported.dataset.sha256 else { return imported }
        throw MarketDataError(
            .dataHash, "the content hashes to \(imported.dataset.sha256), not to the pinned \(expected)",
            place: lines.name.map { .file($0) }, hint: "use the data that was pinned, or pin this hash")
    }

    private static func readRows(
        _ lines: LineReader, _ options: ImportOptions, _ values: UnsafeMutablePointer<Double>
    ) throws(MarketDataError) -> ImportedDataset {
        var csv = CSVReader(options: options, file: lines.name)
        var json = JSONLineReader(options: options, file: lines.name)
        var isJSON = options.format == .jsonl
        var isFirst = true
        try lines.forEachLine { (line, row) throws(MarketDataError) in
            if isFirst {
                isFirst = false
                if options.format == .auto {
                    isJSON = line.first { $0 != 0x20 && $0 != 0x09 } == UInt8(ascii: "{")
                }
            }
            if isJSON {
                try json.take(line, row: row, values: values)
            } else {
                try csv.take(line, row: row, values: values)
            }
        }
        return isJSON ? try json.finish() : try csv.finish()
    }
}
