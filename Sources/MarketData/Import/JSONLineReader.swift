import Diagnostics

/// Reads rows that are flat JSON objects, one a line, with the same names as CSV columns.
///
/// Numbers may be JSON numbers or strings that hold one; times are strings or integers. The first row decides which of
/// symbol, adjusted close and volume all rows have.
struct JSONLineReader {
    private let file: String?
    private var collector: SeriesCollector
    private var times: TimeParser
    private var schema = Schema()
    /// The bytes of the keys, in the order of the schema.
    private var keys: [[UInt8]] = []
    /// The roles of the first row as a bit set.
    private var expected: UInt16?

    /// One row while it is read.
    private struct Row {
        var number: Int
        var time: Int64 = 0
        var symbol: JSONScanner.Token?
        var seen: UInt16 = 0

        func has(_ role: Schema.Role) -> Bool { seen & Self.bit(role) != 0 }
        static func bit(_ role: Schema.Role) -> UInt16 { 1 << UInt16(role.rawValue) }
    }

    init(options: ImportOptions, file: String?) {
        self.file = file
        collector = SeriesCollector(options: options, file: file)
        times = TimeParser(unit: options.timeUnit, allowsMixedOffsets: options.allowsMixedOffsets, file: file)
    }

    consuming func finish() throws(MarketDataError) -> ImportedDataset {
        try times.finish()
        return try collector.finish(schema)
    }

    /// Reads one line.
    mutating func take(
        _ line: UnsafeBufferPointer<UInt8>, row number: Int, values: UnsafeMutablePointer<Double>
    ) throws(MarketDataError) {
        var scanner = JSONScanner(line, file: file, row: number)
        var row = Row(number: number)
        values[5] = 0
        try scanner.expect("{", "the opening brace of an object")
        if !scanner.skip("}") {
            var position = 0
            repeat {
                let column = try column(of: scanner.string(), guess: position, number)
                position = column + 1
                try scanner.expect(":", "a colon")
                guard let token = try scanner.value() else {
                    throw MarketDataError(
                        .jsonLine, "the value is an object or a list", place: place(number, column),
                        hint: "each line is one flat JSON object")
                }
                try take(token, column, &row, values)
            } while scanner.skip(",")
            try scanner.expect("}", "a comma or the closing brace")
        }
        guard scanner.isAtEnd else { throw scanner.malformed("text follows the object") }
        try checkRoles(row)
        if !row.has(.adjustedClose) { values[4] = values[3] }
        if let symbol = row.symbol {
            try symbol.withText { (text) throws(MarketDataError) in
                try collector.append(symbol: text, time: row.time, values: values, row: number, schema: schema)
            }
        } else {
            try collector.append(symbol: nil, time: row.time, values: values, row: number, schema: schema)
        }
    }

    private mutating func take(
        _ token: JSONScanner.Token, _ column: Int, _ row: inout Row, _ values: UnsafeMutablePointer<Double>
    ) throws(MarketDataError) {
        let role = schema.roles[column]
        if role == .ignored { return }
        guard !row.has(role) else {
            throw MarketDataError(.schema, "the row has \(role.name) twice", place: place(row.number, column))
        }
        row.seen |= Row.bit(role)
        switch role {
        case .symbol:
            guard token.isString else {
                throw MarketDataError(
                    .name, "\(Cell.show(token.raw)) is not a symbol", place: place(row.number, column), hint: "write it in quotes"
                )
            }
            row.symbol = token
        case .time:
            let number = row.number
            row.time = try token.withText { (text) throws(MarketDataError) in try times.parse(text, row: number) }
        default:
            values[Int(role.rawValue)] = try number(token, row.number, column)
        }
    }

    private func number(_ token: JSONScanner.Token, _ row: Int, _ column: Int) throws(MarketDataError) -> Double {
        try token.withText { (text) throws(MarketDataError) in
            let (value, end) = DecimalNumber.scan(text, from: 0)
            guard end > 0, end == text.count else { throw Cell.numberError(text, place(row, column)) }
            guard value.isFinite else { throw Cell.rangeError(text, place(row, column)) }
            return value
        }
    }

    /// The key's column, which is most often the one after the column before; a new key becomes a new column.
    private mutating func column(
        of key: JSONScanner.Token, guess: Int, _ row: Int
    ) throws(MarketDataError) -> Int {
        if guess < keys.count, key.unescaped == nil, keys[guess].elementsEqual(key.raw) { return guess }
        let bytes = key.unescaped ?? Array(key.raw)
        if let known = keys.firstIndex(of: bytes) { return known }
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw MarketDataError(.dataEncoding, "a key is not UTF-8 text", place: .row(file: file, row: row, column: nil))
        }
        try schema.append(name, file: file, row: row)
        keys.append(bytes)
        if schema.roles.last == .time { times.column = name }
        return keys.count - 1
    }

    private mutating func checkRoles(_ row: Row) throws(MarketDataError) {
        guard let expected else {
            try schema.checkComplete(file: file, row: row.number)
            self.expected = row.seen
            return
        }
        guard row.seen != expected else { return }
        let different = Schema.Role.allCases.first { (row.seen ^ expected) & Row.bit($0) != 0 } ?? .time
        let message =
            row.has(different)
            ? "the row has \(different.name), which the first row has not" : "the row has no \(different.name)"
        throw MarketDataError(
            .schema, message, place: .row(file: file, row: row.number, column: different.name),
            hint: "give every row the same keys")
    }

    private func place(_ row: Int, _ column: Int) -> Place {
        .row(file: file, row: row, column: column < schema.names.count ? schema.names[column] : nil)
    }
}
