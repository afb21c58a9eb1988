import Diagnostics

/// The rows of one symbol while a file is read, and the judgement of their order at the end.
struct SeriesBuilder {
    let symbol: String
    private(set) var time: [Int64] = []
    private var open: [Double] = []
    private var high: [Double] = []
    private var low: [Double] = []
    private var close: [Double] = []
    private var adjustedClose: [Double] = []
    private var volume: [Double] = []
    /// The rows of the file that the bars come from.
    private var rows: [UInt32] = []

    init(symbol: String) { self.symbol = symbol }

    /// Appends a bar whose values, in the order of `Schema.Role`, are known to be possible.
    @inline(__always)
    mutating func append(time: Int64, values: UnsafePointer<Double>, row: Int) {
        self.time.append(time)
        open.append(values[0])
        high.append(values[1])
        low.append(values[2])
        close.append(values[3])
        adjustedClose.append(values[4])
        // Turns a negative zero into zero.
        volume.append(values[5] + 0)
        rows.append(UInt32(truncatingIfNeeded: row))
    }

    /// A finished series: the bars, the file's row of each, and how many were left out.
    struct Finished {
        var bars: Bars
        var rows: [UInt32]
        var dropped: Int
    }

    /// Orders the bars under the policies. Throws `E_UNSORTED` or `E_DUPLICATE_TIME`, naming the first three rows.
    consuming func finish(_ options: ImportOptions, file: String?, column: String) throws(MarketDataError) -> Finished {
        if zip(time, time.dropFirst()).allSatisfy({ $0 < $1 }) { return Finished(bars: bars, rows: rows, dropped: 0) }
        let descents = time.indices.dropFirst().filter { time[$0] < time[$0 - 1] }
        if !descents.isEmpty {
            guard options.order == .sort else { throw unsorted(descents, file, column) }
            let order = time.indices.sorted { (time[$0], $0) < (time[$1], $1) }
            pick(order)
        }
        let repeats = time.indices.dropFirst().filter { time[$0] == time[$0 - 1] }
        if repeats.isEmpty { return Finished(bars: bars, rows: rows, dropped: 0) }
        switch options.duplicates {
        case .refuse: throw duplicate(repeats, file, column)
        case .keepFirst: pick(time.indices.filter { $0 == 0 || time[$0] != time[$0 - 1] })
        case .keepLast: pick(time.indices.filter { $0 == time.count - 1 || time[$0] != time[$0 + 1] })
        }
        return Finished(bars: bars, rows: rows, dropped: repeats.count)
    }

    private var bars: Bars {
        Bars(
            unchecked: symbol, time: time, open: open, high: high, low: low, close: close, adjustedClose: adjustedClose,
            volume: volume)
    }

    private mutating func pick(_ order: [Int]) {
        time = order.map { time[$0] }
        open = order.map { open[$0] }
        high = order.map { high[$0] }
        low = order.map { low[$0] }
        close = order.map { close[$0] }
        adjustedClose = order.map { adjustedClose[$0] }
        volume = order.map { volume[$0] }
        rows = order.map { rows[$0] }
    }

    private func unsorted(_ descents: [Int], _ file: String?, _ column: String) -> MarketDataError {
        let isReversed = descents.count == time.count - 1 && time.count > 1
        let hint =
            isReversed
            ? "the file is newest first; allow sorting"
            : "allow sorting, or write local times with their offset when clocks change in the file"
        let listed = descents.prefix(3).map { "row \(rows[$0]) (\(ISOTime.string(time[$0])))" }.joined(separator: ", ")
        return MarketDataError(
            .unsorted, "\(descents.count) rows of \(symbol) are earlier than the row before them: \(listed)",
            place: .row(file: file, row: Int(rows[descents[0]]), column: column), hint: hint)
    }

    private func duplicate(_ repeats: [Int], _ file: String?, _ column: String) -> MarketDataError {
        let listed = repeats.prefix(3).map { "row \(rows[$0]) repeats row \(rows[$0 - 1]) (\(ISOTime.string(time[$0])))" }
        return MarketDataError(
            .duplicateTime, "\(repeats.count) rows of \(symbol) repeat a time: \(listed.joined(separator: ", "))",
            place: .row(file: file, row: Int(rows[repeats[0]]), column: column),
            hint: "remove them, or choose to keep the first or the last of each")
    }
}
