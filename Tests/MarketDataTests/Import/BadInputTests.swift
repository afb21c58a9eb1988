import Diagnostics
import Foundation
import Testing

@testable import MarketData

/// The cases of bad market data that the importer must answer with a clear error: code, place, category input.
@Suite struct BadInputTests {
    private let header = "Date,Open,High,Low,Close,Adj Close,Volume\n"

    /// One data row with one cell replaced.
    private func row(_ column: String, _ cell: String, separator: String = ",") -> String {
        let names = ["Date", "Open", "High", "Low", "Close", "Adj Close", "Volume"]
        var cells = ["1/4/1999", "10", "12", "9", "11", "11", "1000"]
        for (index, name) in names.enumerated() where name == column { cells[index] = cell }
        return names.joined(separator: separator) + "\n" + cells.joined(separator: separator) + "\n"
    }

    private func expect(
        _ text: String, _ code: String, row: Int? = nil, column: String? = nil, says: String? = nil,
        _ options: ImportOptions = ImportOptions(), location: SourceLocation = #_sourceLocation
    ) {
        let error = failure { try importText(text, options) }
        #expect(error?.code == code, sourceLocation: location)
        #expect(error?.category == .input, sourceLocation: location)
        #expect(error?.place != nil, sourceLocation: location)
        if let row { #expect(error?.place == .row(file: "x.csv", row: row, column: column), sourceLocation: location) }
        if let says { #expect(error?.message.contains(says) == true, "\(error?.message ?? "")", sourceLocation: location) }
    }

    @Test("59: empty files, files with a header only and files without one")
    func emptyFiles() {
        expect("", "E_CSV_EMPTY", row: 1)
        expect("\n\n  \n", "E_CSV_EMPTY", row: 1)
        expect("\u{FEFF}", "E_CSV_EMPTY", row: 1)
        expect(header, "E_CSV_EMPTY", row: 1, says: "no data rows")
        expect("1/4/1999,1,1,1,1,1,1\n", "E_CSV_HEADER", row: 1, says: "data")
        expect("hello\nworld\n", "E_CSV_HEADER", row: 1)
    }

    @Test("60: ragged rows, open quotes and endless lines")
    func raggedRows() {
        expect(header + "1/4/1999,10,12,9,11,11\n", "E_CSV_RAGGED", row: 2, says: "6 fields, the header 7")
        expect(header + "1/4/1999,10,12,9,11,11,1,1\n", "E_CSV_RAGGED", row: 2, says: "8 fields")
        expect(header + "1/4/1999,10,12,9,11,11,1\n\n1/5/1999\n", "E_CSV_RAGGED", row: 4, says: "1 fields")
        expect(header + "1/4/1999,\"10,12,9,11,11,1\n", "E_CSV_QUOTE", row: 2, column: "Open")
        expect(header + "\"1/4/1999\"x,10,12,9,11,11,1\n", "E_CSV_QUOTE", row: 2, column: "Date")
        expect("Date,\"Open\n", "E_CSV_QUOTE", row: 1, column: "2")
        let long = String(repeating: "1", count: LineReader.maximumLine + 1)
        expect(header + long, "E_CSV_LINE", row: 2)
        expect(header + long + "\n", "E_CSV_LINE", row: 2)
        expect(String(repeating: "x", count: 3 * LineReader.bufferSize), "E_CSV_LINE", row: 1)
    }

    @Test("60: an endless line in a file is found within one buffer")
    func endlessLine() throws {
        try withFolder { folder in
            let path = folder + "/long.csv"
            let rows = (10...28).map { "1/\($0)/1999,10,12,9,11,11,1000\n" }.joined()
            try Data((header + rows + "1/29/1999,1").utf8).write(to: URL(fileURLWithPath: path))
            #expect(truncate(path, 100_000_000) == 0)
            let error = failure { try DatasetImport.file(path) }
            #expect(error?.code == "E_CSV_LINE")
            #expect(error?.place == .row(file: path, row: 21, column: nil))
        }
    }

    @Test("61: encodings and line endings are detected or named")
    func encodings() {
        let text = header + "1/4/1999,10,12,9,11,11,1000\n"
        func bytes(_ bytes: [UInt8]) -> MarketDataError? { failure { try DatasetImport.bytes(bytes, name: "x.csv") } }
        func wide(_ isLittle: Bool) -> [UInt8] { text.utf8.flatMap { isLittle ? [$0, 0] : [0, $0] } }
        #expect(bytes([0xFF, 0xFE] + wide(true))?.message.contains("UTF-16 (little") == true)
        #expect(bytes([0xFE, 0xFF] + wide(false))?.message.contains("UTF-16 (big") == true)
        #expect(bytes(wide(true))?.message.contains("UTF-16") == true)
        #expect(bytes(wide(false))?.message.contains("UTF-16") == true)
        #expect(bytes([0x1F, 0x8B, 8, 0])?.message.contains("gzip") == true)
        #expect(bytes(Array("PK\u{3}\u{4}".utf8))?.message.contains("zip") == true)
        #expect(bytes(Array(text.utf8) + [0])?.code == "E_DATA_ENCODING")
        #expect(bytes([0xFF] + Array(text.utf8))?.code == "E_DATA_ENCODING")
        expect(text.replacing("\n", with: "\r"), "E_CSV_LINE_ENDING", row: 1)
        expect(
            header + "1/4/1999,10,12,9,11,11,1000\r1/5/1999,10,12,9,11,11,1000\n", "E_CSV_LINE_ENDING", row: 2, column: "Volume")
        expect("Date\r\r\n", "E_CSV_LINE_ENDING", row: 1)
    }

    @Test(
        "62: cells that are not plain finite numbers",
        arguments: [
            ("12,5", "decimal comma"), ("1,234.5", "thousands"), ("1,234,567", "thousands"), ("1e400", "too large"),
            ("-1e999", "too large"), ("inf", "finite"), ("-Infinity", "finite"), ("NaN", "finite"), ("", "empty"),
            ("null", "missing value"), ("n/a", "missing value"), ("1 2", "not a number"), ("0x10", "not a number"),
            ("1.2.3", "not a number"), ("1e", "not a number"), ("+1", "not a number"), ("١٢", "not a number"),
            ("=1+1", "not a number"),
        ])
    func badNumbers(cell: String, says: String) {
        for column in ["Open", "High", "Low", "Close", "Adj Close", "Volume"] {
            let quoted = cell.contains(",") ? "\"\(cell)\"" : cell
            expect(row(column, quoted), "E_NUMBER", row: 2, column: column, says: says)
            expect(row(column, cell, separator: ";"), "E_NUMBER", row: 2, column: column, says: says)
        }
    }

    @Test("62: control characters of a cell are escaped in the message")
    func escapedCells() {
        let error = failure { try importText(row("Open", "\u{1B}[31m")) }
        #expect(error?.message.unicodeScalars.contains("\u{1B}") == false)
    }

    @Test("63: duplicate, unsorted and missing times name the first three rows")
    func times() {
        func file(_ days: [Int]) -> String {
            "Date,Open,High,Low,Close\n" + days.map { "1999-01-\($0 < 10 ? "0" : "")\($0),1,1,1,1\n" }.joined()
        }
        expect(
            file([4, 5, 5, 6, 6, 7, 7, 8, 8]), "E_DUPLICATE_TIME", row: 4, column: "Date",
            says: "row 4 repeats row 3 (1999-01-05), row 6")
        expect(file([4, 5, 5, 6, 6, 7, 7, 8, 8]), "E_DUPLICATE_TIME", says: "4 rows")
        expect(
            file([6, 4, 9, 8, 10, 9, 11, 10]), "E_UNSORTED", row: 3, column: "Date",
            says: "row 3 (1999-01-04), row 5 (1999-01-08), row 7")
        #expect(failure { try importText(file([8, 7, 6])) }?.hint?.contains("newest first") == true)
        let gaps = ImportOptions(gaps: .refuse)
        expect(
            file([4, 5, 14, 15, 24, 25]), "E_GAP", row: 4, column: "Date", says: "row 4 (1999-01-05 to 1999-01-14), row 6", gaps)
    }

    @Test("63: mixed time zones and forms, and hours that come twice when clocks change")
    func zones() {
        let start = "t,o,h,l,c\n"
        expect(
            start + "2020-03-06T16:00:00-05:00,1,1,1,1\n2020-03-09T16:00:00-04:00,1,1,1,1\n2020-03-10T16:00:00-04:00,1,1,1,1\n",
            "E_TIME_ZONE", row: 3, column: "t", says: "row 2 has -05:00, row 3 has -04:00, row 4 has -04:00")
        expect(
            start + "2020-03-06T16:00:00Z,1,1,1,1\n2020-03-09T16:00:00,1,1,1,1\n", "E_TIME_FORMAT", row: 3, column: "t",
            says: "without an offset")
        expect(start + "2020-03-06,1,1,1,1\n3/9/2020,1,1,1,1\n", "E_TIME_FORMAT", row: 3, column: "t", says: "M/D/YYYY")
        expect(
            start + "2020-11-01T01:00:00,1,1,1,1\n2020-11-01T01:30:00,1,1,1,1\n2020-11-01T01:00:00,1,1,1,1\n", "E_UNSORTED",
            row: 4, column: "t")
        for text in [
            "x", "13/1/1999", "1/32/1999", "2/29/1900", "1/4/99", "1/4", "1999-1-4", "1999-13-01", "1999-01-04T25:00",
            "1999-01-04T10:60",
            "1999-01-04T10", "1999-01-04T10:00:00+99:00", "1999-01-04T10:00:00 EST", "1999-01-04x", "0000-01-01", "10000-01-01",
            "",
            "1999/01/04", "4 Jan 1999", "99999999999999999999", "915408000.5",
        ] {
            expect(start + "\(text),1,1,1,1\n", "E_TIME_FORMAT", row: 2, column: "t")
        }
        #expect(failure { try importText(start + "13/1/1999,1,1,1,1\n") }?.hint?.contains("M/D/YYYY") == true)
    }

    @Test("64: integers whose unit cannot be told")
    func timeUnits() {
        for text in [
            "0", "-5", "1", "86400", "20000", "315532799", "5000000000", "99999999999", "51000000000000", "9223372036854775807",
        ] {
            expect("t,o,h,l,c\n\(text),1,1,1,1\n", "E_TIME_UNIT", row: 2, column: "t")
        }
        expect("t,o,h,l,c\n915408000,1,1,1,1\n915494400000,1,1,1,1\n", "E_TIME_UNIT", row: 3, column: "t", says: "milliseconds")
        expect(
            "t,o,h,l,c\n915408000000,1,1,1,1\n", "E_TIME_UNIT", row: 2, column: "t", says: "outside the years",
            ImportOptions(timeUnit: .seconds))
        expect(
            "t,o,h,l,c\n9223372036854775807,1,1,1,1\n", "E_TIME_UNIT", row: 2, column: "t", says: "outside the years",
            ImportOptions(timeUnit: .milliseconds))
    }

    @Test("65: bars that cannot be")
    func impossibleBars() {
        expect(row("High", "8"), "E_OHLC_INVARIANT", row: 2, column: "High", says: "below low")
        expect(row("Open", "12.5"), "E_OHLC_INVARIANT", row: 2, column: "Open", says: "outside")
        expect(row("Close", "8.99"), "E_OHLC_INVARIANT", row: 2, column: "Close", says: "outside")
        for column in ["Open", "High", "Low", "Close", "Adj Close"] {
            expect(row(column, "0"), "E_OHLC_INVARIANT", row: 2, column: column, says: "above zero")
            expect(row(column, "-10"), "E_OHLC_INVARIANT", row: 2, column: column, says: "above zero")
            expect(row(column, "1e-400"), "E_OHLC_INVARIANT", row: 2, column: column)
        }
        expect(row("Volume", "-1"), "E_OHLC_INVARIANT", row: 2, column: "Volume", says: "negative")
        #expect(failure { try importText(row("Volume", "-0")) } == nil)
    }

    @Test("67: columns that are missing, renamed, given twice or from the future")
    func schema() {
        expect("Date,Open,High,Low\n1999-01-04,1,1,1\n", "E_SCHEMA", row: 1, column: "close", says: "close")
        expect("Date,Open,High,Low,Schluss\n1999-01-04,1,1,1,1\n", "E_SCHEMA", row: 1, column: "close", says: "\"Schluss\"")
        expect("Open,High,Low,Close\n1,1,1,1\n", "E_SCHEMA", row: 1, column: "date")
        expect(
            "Date,Open,High,Low,Close,close\n1999-01-04,1,1,1,1,1\n", "E_SCHEMA", row: 1, column: "close", says: "both mean close"
        )
        expect("Date,Time,Open,High,Low,Close\n", "E_SCHEMA", row: 1, column: "Time", says: "both mean date")
        let many = "Date,Open,High,Low,Close" + (0..<300).map { ",x\($0)" }.joined() + "\n"
        expect(many, "E_SCHEMA", row: 1, column: "x251", says: "256")
        for name in [
            "label", "Label_1", "target", "Target", "future_return", "futureReturn", "next_close", "nextClose", "NextOpen", "y",
            "return_5d_ahead", "fwd_ret", "close_tomorrow", "forward return", "look-ahead", "price.lead",
        ] {
            expect("Date,Open,High,Low,Close,\(name)\n1999-01-04,1,1,1,1,1\n", "E_LEAK", row: 1, column: name)
        }
        for name in ["Dividends", "Stock Splits", "vwap", "yield", "leader", "Trades", "day_of_week", "nested"] {
            #expect(failure { try importText("Date,Open,High,Low,Close,\(name)\n1999-01-04,1,1,1,1,1\n") } == nil, "\(name)")
        }
        expect("Symbol,Date,Open,High,Low,Close\n=1+1,1999-01-04,1,1,1,1\n", "E_NAME", row: 2, column: "Symbol")
        expect("Symbol,Date,Open,High,Low,Close\n,1999-01-04,1,1,1,1\n", "E_NAME", row: 2, column: "Symbol")
    }

    @Test("69: content that is not the pinned one")
    func pinnedHash() throws {
        let text = row("Open", "10")
        let hash = try importText(text).dataset.sha256
        #expect(failure { try importText(text, ImportOptions(expectedSHA256: hash)) } == nil)
        let error = failure { try importText(row("Open", "10.5"), ImportOptions(expectedSHA256: hash)) }
        #expect(error?.code == "E_DATA_HASH")
        #expect(error?.place == .file("x.csv"))
        #expect(error?.message.contains(hash) == true)
    }

    @Test("72: more rows than the limit")
    func tooManyRows() {
        let text = "Date,Open,High,Low,Close\n" + (1...9).map { "1999-01-0\($0),1,1,1,1\n" }.joined()
        expect(text, "E_DATA_TOO_LARGE", row: 7, says: "5", ImportOptions(maximumRows: 5))
        #expect(failure { try importText(text, ImportOptions(maximumRows: 9)) } == nil)
    }

    @Test func `every truncation and every flipped byte is an error or a dataset, never a trap`() {
        let text = Array((header + "1/4/1999,10,12,9,11,11,1000\r\n\"1/5/1999\",10, 12 ,9e0,11,11,1000\n").utf8)
        for index in text.indices {
            _ = failure { try DatasetImport.bytes(Array(text[..<index])) }
            for mask in [UInt8(1), 2, 0x20, 0x80, 0xFF] {
                var damaged = text
                damaged[index] ^= mask
                let error = failure { try DatasetImport.bytes(damaged) }
                #expect(error == nil || error?.category == .input)
            }
        }
    }
}
