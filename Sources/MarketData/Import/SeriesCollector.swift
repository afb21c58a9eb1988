import Diagnostics

/// Sorts the rows of a file into series, checks each bar and makes the dataset at the end.
struct SeriesCollector {
    private let options: ImportOptions
    private let file: String?
    private var builders: [SeriesBuilder] = []
    private var indices: [String: Int] = [:]
    /// The series of the row before, and its symbol's bytes.
    private var current = 0
    private var currentSymbol: [UInt8] = []
    private var count = 0

    init(options: ImportOptions, file: String?) {
        self.options = options
        self.file = file
    }

    /// Checks and appends one row.
    ///
    /// `values` holds open, high, low, close, adjusted close and volume. Throws `E_OHLC_INVARIANT` or `E_NUMBER` for a bar that
    /// cannot be, `E_NAME` for the symbol, `E_DATA_TOO_LARGE` for too many rows or series.
    @inline(__always)
    mutating func append(
        symbol: UnsafeBufferPointer<UInt8>?, time: Int64, values: UnsafePointer<Double>, row: Int, schema: borrowing Schema
    ) throws(MarketDataError) {
        guard
            BarRules.isPossible(
                open: values[0], high: values[1], low: values[2], close: values[3], adjustedClose: values[4], volume: values[5])
        else { throw violation(values, row, schema) }
        guard count < options.maximumRows, row <= UInt32.max else {
            throw MarketDataError(
                .dataTooLarge, "more than \(options.maximumRows) rows", place: .row(file: file, row: row, column: nil),
                hint: "split the file, or raise the limit when there is memory for it")
        }
        if let symbol {
            if builders.isEmpty || !symbol.elementsEqual(currentSymbol) { try select(symbol, row, schema) }
        } else if builders.isEmpty {
            try Symbol.check(options.symbol)
            builders.append(SeriesBuilder(symbol: options.symbol))
        }
        builders[current].append(time: time, values: values, row: row)
        count &+= 1
    }

    /// The dataset and what there is to say about it. Throws `E_CSV_EMPTY`, `E_UNSORTED`, `E_DUPLICATE_TIME`, `E_GAP`.
    consuming func finish(_ schema: Schema) throws(MarketDataError) -> ImportedDataset {
        guard count > 0 else {
            throw MarketDataError(
                .csvEmpty, "the file has no data rows", place: .row(file: file, row: 1, column: nil),
                hint: "a header and at least one row of date, open, high, low and close are needed")
        }
        let timeName = schema.names.indices.first { schema.roles[$0] == .time }.map { schema.names[$0] } ?? Schema.Role.time.name
        var inspector = SeriesInspector(schema: schema)
        var series: [Bars] = []
        var dropped = 0
        builders.sort { $0.symbol.utf8.lexicographicallyPrecedes($1.symbol.utf8) }
        let count = builders.count
        for i in 0..<count {
            // Releases each builder's columns as soon as they are a series.
            let builder = builders[i]
            builders[i] = SeriesBuilder(symbol: builder.symbol)
            let finished = try builder.finish(options, file: file, column: timeName)
            try inspector.inspect(finished.bars, rows: finished.rows, gaps: options.gaps, file: file)
            series.append(finished.bars)
            dropped += finished.dropped
        }
        let dataset = try Dataset(series: series)
        let report = ImportReport(
            rows: dataset.totalRows, series: count, firstTime: dataset.firstTime, lastTime: dataset.lastTime,
            duplicatesDropped: dropped, ignoredColumns: zip(schema.roles, schema.names).filter { $0.0 == .ignored }.map(\.1),
            hasAdjustedClose: schema.roles.contains(.adjustedClose), hasVolume: schema.roles.contains(.volume),
            warnings: inspector.warnings, warningCount: inspector.count)
        return ImportedDataset(dataset: dataset, report: report)
    }

    @inline(never)
    private mutating func select(
        _ symbol: UnsafeBufferPointer<UInt8>, _ row: Int, _ schema: borrowing Schema
    ) throws(MarketDataError) {
        let name = String(decoding: symbol, as: UTF8.self)
        if let index = indices[name] {
            current = index
        } else {
            do throws(MarketDataError) {
                try Symbol.check(name)
            } catch {
                throw MarketDataError(
                    error.kind, error.message, place: .row(file: file, row: row, column: Self.name(of: .symbol, schema)),
                    hint: error.hint)
            }
            guard builders.count < DatasetFile.maximumSeries else {
                throw MarketDataError(
                    .dataTooLarge, "more than \(DatasetFile.maximumSeries) symbols",
                    place: .row(file: file, row: row, column: Self.name(of: .symbol, schema)))
            }
            current = builders.count
            indices[name] = current
            builders.append(SeriesBuilder(symbol: name))
        }
        currentSymbol = Array(symbol)
    }

    private func violation(_ values: UnsafePointer<Double>, _ row: Int, _ schema: borrowing Schema) -> MarketDataError {
        let found = BarRules.violation(
            open: values[0], high: values[1], low: values[2], close: values[3], adjustedClose: values[4], volume: values[5])
        let role = Schema.Role.allCases.first { $0.name == found?.column } ?? .close
        return MarketDataError(
            found?.code ?? .ohlcInvariant, found?.message ?? "the bar is not possible",
            place: .row(file: file, row: row, column: Self.name(of: role, schema)),
            hint: "low <= open, close <= high must hold exactly; prices are above zero and volume is not negative")
    }

    private static func name(of role: Schema.Role, _ schema: borrowing Schema) -> String {
        schema.roles.firstIndex(of: role).map { schema.names[$0] } ?? role.name
    }
}
