import Diagnostics

/// Reads comma-, semicolon- or tab-separated rows whose first line names the columns.
struct CSVReader {
    private let file: String?
    private var collector: SeriesCollector
    private var times: TimeParser
    private(set) var schema = Schema()
    private var separator = UInt8(ascii: ",")
    private var hasHeader = false
    private var hasAdjustedClose = false

    init(options: ImportOptions, file: String?) {
        self.file = file
        collector = SeriesCollector(options: options, file: file)
        times = TimeParser(unit: options.timeUnit, allowsMixedOffsets: options.allowsMixedOffsets, file: file)
    }

    /// Reads the header or a row.
    @inline(__always)
    mutating func take(
        _ line: UnsafeBufferPointer<UInt8>, row: Int, values: UnsafeMutablePointer<Double>
    ) throws(MarketDataError) {
        if hasHeader { try readRow(line, row, values) } else { try readHeader(line, row) }
    }

    consuming func finish() throws(MarketDataError) -> ImportedDataset {
        guard hasHeader else {
            throw MarketDataError(
                .csvEmpty, "the file is empty", place: .row(file: file, row: 1, column: nil),
                hint: "a header and at least one row of date, open, high, low and close are needed")
        }
        try times.finish()
        return try collector.finish(schema)
    }

    // MARK: Header

    private mutating func readHeader(_ line: UnsafeBufferPointer<UInt8>, _ row: Int) throws(MarketDataError) {
        let place = Place.row(file: file, row: row, column: nil)
        if let ending = Cell.lineEndingError(line, place) { throw ending }
        guard String(validating: line, as: UTF8.self) != nil, !line.contains(0) else {
            throw MarketDataError(.dataEncoding, "the header is not UTF-8 text", place: place, hint: "convert the file to UTF-8")
        }
        separator = Self.separator(of: line)
        var names: [String] = []
        var index = 0
        while true {
            let field = try fieldRange(line, from: index, row: row, column: names.count)
            var name = String(decoding: line[field.start..<field.end], as: UTF8.self)
            if field.isQuoted { name = name.replacing("\"\"", with: "\"") }
            names.append(name)
            guard names.count <= Schema.maximumColumns, field.next < line.count else { break }
            index = field.next + 1
        }
        guard names.contains(where: { Schema.role(of: $0) != .ignored }) else {
            let looksLikeData = line.first.map { $0 &- 0x30 < 10 } ?? false
            throw MarketDataError(
                .csvHeader, looksLikeData ? "the first row is data, not a header" : "the first row names no column that is known",
                place: place, hint: "begin with a header such as Date,Open,High,Low,Close,Adj Close,Volume")
        }
        for name in names { try schema.append(name, file: file, row: row) }
        try schema.checkComplete(file: file, row: row)
        hasAdjustedClose = schema.roles.contains(.adjustedClose)
        if let column = schema.roles.firstIndex(of: .time) { times.column = schema.names[column] }
        hasHeader = true
    }

    /// The most frequent of the separators; a comma when there is a tie or none.
    private static func separator(of line: UnsafeBufferPointer<UInt8>) -> UInt8 {
        var counts = [0, 0, 0]
        let candidates = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t")]
        var isQuoted = false
        for byte in line {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, let index = candidates.firstIndex(of: byte) { counts[index] += 1 }
        }
        var best = 0
        for i in 1...2 where counts[i] > counts[best] { best = i }
        return candidates[best]
    }

    // MARK: Rows

    private mutating func readRow(
        _ line: UnsafeBufferPointer<UInt8>, _ row: Int, _ values: UnsafeMutablePointer<Double>
    ) throws(MarketDataError) {
        var time: Int64 = 0
        var symbol: UnsafeBufferPointer<UInt8>?
        var index = 0
        values[Int(Schema.Role.volume.rawValue)] = 0
        let separator = separator
        let columns = schema.roles.count
        for column in 0..<columns {
            if column > 0 {
                guard index < line.count else { throw ragged(line, row) }
                index &+= 1
            }
            let role = schema.roles[column]
            if role.isNumber {
                let (value, end) = DecimalNumber.scan(line, from: index)
                if end > index, end == line.count || line[end] == separator, value.isFinite {
                    values[Int(role.rawValue)] = value
                    index = end
                } else {
                    (values[Int(role.rawValue)], index) = try readNumberField(line, index, row, column)
                }
                continue
            }
            let field = try fieldRange(line, from: index, row: row, column: column)
            let text = UnsafeBufferPointer(rebasing: line[field.start..<field.end])
            index = field.next
            switch role {
            case .time: time = try times.parse(text, row: row)
            case .symbol: symbol = text
            default: break
            }
        }
        guard index == line.count else { throw ragged(line, row) }
        if !hasAdjustedClose { values[4] = values[3] }
        try collector.append(symbol: symbol, time: time, values: values, row: row, schema: schema)
    }

    /// A number in quotes or between blanks, or the error that says what else it is.
    @inline(never)
    private func readNumberField(
        _ line: UnsafeBufferPointer<UInt8>, _ index: Int, _ row: Int, _ column: Int
    ) throws(MarketDataError) -> (Double, Int) {
        let field = try fieldRange(line, from: index, row: row, column: column)
        let text = UnsafeBufferPointer(rebasing: line[field.start..<field.end])
        let (value, end) = DecimalNumber.scan(text, from: 0)
        guard end > 0, end == text.count else { throw Cell.numberError(text, place(row, column)) }
        guard value.isFinite else { throw Cell.rangeError(text, place(row, column)) }
        return (value, field.next)
    }

    /// The content of the field that begins at `index`, without quotes and blanks around it, and the index of the separator
    /// after it or the line's end. Doubled quotes stay doubled. Throws `E_CSV_QUOTE`.
    @inline(__always)
    private func fieldRange(
        _ line: UnsafeBufferPointer<UInt8>, from index: Int, row: Int, column: Int
    ) throws(MarketDataError) -> (start: Int, end: Int, next: Int, isQuoted: Bool) {
        var start = index
        while start < line.count, line[start] == 0x20 { start &+= 1 }
        if start < line.count, line[start] == 0x22 { return try quotedRange(line, start, row, column) }
        var next = start
        while next < line.count, line[next] != separator { next &+= 1 }
        var end = next
        while end > start, line[end &- 1] == 0x20 { end &-= 1 }
        return (start, end, next, false)
    }

    @inline(never)
    private func quotedRange(
        _ line: UnsafeBufferPointer<UInt8>, _ quote: Int, _ row: Int, _ column: Int
    ) throws(MarketDataError) -> (start: Int, end: Int, next: Int, isQuoted: Bool) {
        var end = quote + 1
        while end < line.count {
            if line[end] == 0x22 {
                guard end + 1 < line.count, line[end + 1] == 0x22 else { break }
                end += 1
            }
            end += 1
        }
        guard end < line.count else {
            throw MarketDataError(
                .csvQuote, "a quote is not closed on its line", place: place(row, column),
                hint: "close the quote; values have no line breaks")
        }
        var next = end + 1
        while next < line.count, line[next] == 0x20 { next += 1 }
        guard next == line.count || line[next] == separator else {
            throw MarketDataError(.csvQuote, "text follows a closed quote", place: place(row, column))
        }
        return (quote + 1, end, next, true)
    }

    @inline(never)
    private func ragged(_ line: UnsafeBufferPointer<UInt8>, _ row: Int) -> MarketDataError {
        let place = Place.row(file: file, row: row, column: nil)
        if let ending = Cell.lineEndingError(line, place) { return ending }
        var fields = 1
        var isQuoted = false
        for byte in line {
            if byte == 0x22 { isQuoted.toggle() }
            if !isQuoted, byte == separator { fields += 1 }
        }
        let expected = schema.roles.count
        let hint = fields > expected ? "numbers must not contain the separator" : "fill the missing fields or remove the row"
        return MarketDataError(.csvRagged, "the row has \(fields) fields, the header \(expected)", place: place, hint: hint)
    }

    private func place(_ row: Int, _ column: Int) -> Place {
        .row(file: file, row: row, column: column < schema.names.count ? schema.names[column] : "\(column + 1)")
    }
}
