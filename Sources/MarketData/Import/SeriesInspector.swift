import Diagnostics

/// Looks for what is possible but rarely right in finished series.
struct SeriesInspector {
    private let schema: Schema
    private(set) var warnings: [ImportWarning] = []
    private(set) var count = 0
    private var listed: [Int]

    /// A price beyond this multiple of the close before it, or its inverse, is a spike.
    private static let spikeFactor = 50.0
    /// The factors of common splits; a move within a fiftieth of one, or of its inverse, looks like a split.
    private static let splitFactors = [1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30]

    init(schema: Schema) {
        self.schema = schema
        listed = Array(repeating: 0, count: ImportWarning.Kind.allCases.count)
    }

    /// Adds the warnings of one series, whose bars come from `rows` of the file. Throws `E_GAP` when gaps are refused.
    mutating func inspect(
        _ bars: Bars, rows: [UInt32], gaps: ImportOptions.GapPolicy, file: String?
    ) throws(MarketDataError) {
        lookForMoves(bars, rows)
        lookForConstants(bars)
        if gaps != .ignore { try lookForGaps(bars, rows, gaps, file) }
    }

    private mutating func lookForMoves(_ bars: Bars, _ rows: [UInt32]) {
        for i in bars.time.indices.dropFirst() {
            let before = bars.close[i - 1]
            if bars.high[i] > before * Self.spikeFactor || bars.low[i] * Self.spikeFactor < before {
                let isUp = bars.high[i] > before * Self.spikeFactor
                add(
                    .spike, bars.symbol, rows[i], isUp ? .high : .low,
                    "\(isUp ? "high \(bars.high[i])" : "low \(bars.low[i])") follows a close of \(before)")
                continue
            }
            // Most bars end here: a split moves the price by more than a third.
            let ratio = bars.open[i] / before
            if ratio > 0.7, ratio < 1.4 { continue }
            let adjustment = (bars.adjustedClose[i] / bars.close[i]) / (bars.adjustedClose[i - 1] / before)
            let unexplained = ratio * adjustment
            let factor = unexplained < 1 ? 1 / unexplained : unexplained
            guard let split = Self.splitFactors.first(where: { abs(factor / $0 - 1) < 0.02 }) else { continue }
            let shown = split == 1.5 ? "1.5" : "\(Int(split))"
            add(
                .splitLike, bars.symbol, rows[i], .open,
                "open \(bars.open[i]) is about \(unexplained < 1 ? "1/\(shown)" : shown) of the close before, \(before); "
                    + "the adjusted close does not explain it"
            )
        }
    }

    private mutating func lookForConstants(_ bars: Bars) {
        guard bars.count >= 10 else { return }
        let columns: [(Schema.Role, [Double])] = [
            (.open, bars.open), (.high, bars.high), (.low, bars.low), (.close, bars.close),
            (.adjustedClose, bars.adjustedClose), (.volume, bars.volume),
        ]
        for (role, values) in columns where schema.roles.contains(role) {
            guard let first = values.first, values.allSatisfy({ $0 == first }) else { continue }
            add(.constantColumn, bars.symbol, nil, role, "every value is \(first)")
        }
    }

    private mutating func lookForGaps(
        _ bars: Bars, _ rows: [UInt32], _ policy: ImportOptions.GapPolicy, _ file: String?
    ) throws(MarketDataError) {
        let rule = GapRule(time: bars.time)
        var refused: [Int] = []
        for i in bars.time.indices.dropFirst() where rule.isGap(from: bars.time[i - 1], to: bars.time[i]) {
            if policy == .refuse {
                refused.append(i)
                continue
            }
            let span = "no bars between \(ISOTime.string(bars.time[i - 1])) and \(ISOTime.string(bars.time[i]))"
            add(.gap, bars.symbol, rows[i], .time, span)
        }
        guard let first = refused.first else { return }
        let listed = refused.prefix(3).map {
            "row \(rows[$0]) (\(ISOTime.string(bars.time[$0 - 1])) to \(ISOTime.string(bars.time[$0])))"
        }
        throw MarketDataError(
            .gap, "\(refused.count) gaps in \(bars.symbol): \(listed.joined(separator: ", "))",
            place: .row(file: file, row: Int(rows[first]), column: name(of: .time)), hint: "fill them, or let gaps be reported")
    }

    private mutating func add(
        _ kind: ImportWarning.Kind, _ symbol: String, _ row: UInt32?, _ role: Schema.Role, _ message: @autoclosure () -> String
    ) {
        count += 1
        let index = ImportWarning.Kind.allCases.firstIndex(of: kind) ?? 0
        guard listed[index] < ImportWarning.limit else { return }
        listed[index] += 1
        warnings.append(
            ImportWarning(kind: kind, symbol: symbol, row: row.map(Int.init), column: name(of: role), message: message()))
    }

    private func name(of role: Schema.Role) -> String {
        schema.roles.firstIndex(of: role).map { schema.names[$0] } ?? role.name
    }
}
