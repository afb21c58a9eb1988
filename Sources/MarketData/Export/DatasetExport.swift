import Diagnostics

/// Writes datasets as text that imports again to the same hash.
///
/// Numbers are written with the fewest digits that give the same double back. Times are dates when all bars are stamped at
/// midnight UTC, otherwise date-times that end in Z. A symbol column is left out when the only series has the symbol that
/// the importer gives by default.
package enum DatasetExport {
    package enum Format: String, Sendable, CaseIterable {
        /// `Date,Open,High,Low,Close,Adj Close,Volume`, with `Symbol` first where it is needed; lines end with LF.
        case csv
        /// One object a line with the keys symbol, date, open, high, low, close, adjClose, volume.
        case jsonl
    }

    /// The whole text.
    package static func bytes(of dataset: Dataset, as format: Format) -> [UInt8] {
        var text: [UInt8] = []
        var writer = RowWriter(dataset, format)
        for bars in dataset.series {
            for i in bars.time.indices { writer.append(bars, i, to: &text) }
        }
        return text
    }

    /// Writes the text to `path`, whole or not at all, a piece at a time. Throws `E_DATA_WRITE`.
    package static func write(_ dataset: Dataset, to path: String, as format: Format) throws(MarketDataError) {
        try AtomicFile.write(to: path) { (sink) throws(MarketDataError) in
            var text: [UInt8] = []
            var writer = RowWriter(dataset, format)
            for bars in dataset.series {
                for i in bars.time.indices {
                    writer.append(bars, i, to: &text)
                    if text.count >= 1 << 20 {
                        try flush(&text, sink)
                    }
                }
            }
            try flush(&text, sink)
        }
    }

    private static func flush(
        _ text: inout [UInt8], _ sink: (UnsafeRawBufferPointer) throws(MarketDataError) -> Void
    ) throws(MarketDataError) {
        try text.withUnsafeBufferPointer { (buffer) throws(MarketDataError) in try sink(UnsafeRawBufferPointer(buffer)) }
        text.removeAll(keepingCapacity: true)
    }
}

extension DatasetExport {
    /// Appends one row after the other, with the header before the first.
    private struct RowWriter {
        private let format: Format
        private let hasSymbol: Bool
        private let datesOnly: Bool
        private var isFirst = true

        init(_ dataset: Dataset, _ format: Format) {
            self.format = format
            hasSymbol = dataset.series.map(\.symbol) != [ImportOptions.defaultSymbol]
            datesOnly = dataset.series.allSatisfy { $0.time.allSatisfy(ISOTime.isMidnight) }
        }

        mutating func append(_ bars: Bars, _ i: Int, to text: inout [UInt8]) {
            if isFirst, format == .csv {
                text.append(contentsOf: "\(hasSymbol ? "Symbol," : "")Date,Open,High,Low,Close,Adj Close,Volume\n".utf8)
            }
            isFirst = false
            let values = [bars.open[i], bars.high[i], bars.low[i], bars.close[i], bars.adjustedClose[i], bars.volume[i]]
            switch format {
            case .csv:
                if hasSymbol {
                    text.append(contentsOf: bars.symbol.utf8)
                    text.append(UInt8(ascii: ","))
                }
                ISOTime.append(bars.time[i], to: &text, dateOnly: datesOnly)
                for value in values {
                    text.append(UInt8(ascii: ","))
                    append(value, to: &text)
                }
            case .jsonl:
                text.append(UInt8(ascii: "{"))
                // A symbol has no quotes or backslashes, so it needs no escapes.
                if hasSymbol { text.append(contentsOf: "\"symbol\":\"\(bars.symbol)\",".utf8) }
                text.append(contentsOf: "\"date\":\"".utf8)
                ISOTime.append(bars.time[i], to: &text, dateOnly: datesOnly)
                text.append(UInt8(ascii: "\""))
                for (key, value) in zip(["open", "high", "low", "close", "adjClose", "volume"], values) {
                    text.append(contentsOf: ",\"\(key)\":".utf8)
                    append(value, to: &text)
                }
                text.append(UInt8(ascii: "}"))
            }
            text.append(UInt8(ascii: "\n"))
        }

        private func append(_ value: Double, to text: inout [UInt8]) {
            text.append(contentsOf: value.description.utf8)
            // 877000000.0 is written as 877000000.
            if text.suffix(2).elementsEqual(".0".utf8) { text.removeLast(2) }
        }
    }
}
