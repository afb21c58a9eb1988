extension TearSheet {
    /// One metric, as it is shown.
    struct Entry {
        let label: String
        let value: String
        /// Its sign gives the colour; nil for none.
        let sign: Double?

        init(_ label: String, _ value: String, sign: Double? = nil) {
            self.label = label
            self.value = value
            self.sign = sign
        }
    }

    /// Metrics that belong together.
    struct Group {
        let name: String
        let entries: [Entry]
    }

    var groups: [Group] {
        let p = performance
        var returns = [
            Entry("Total", Format.gain(p.totalReturn), sign: p.totalReturn),
            Entry("Annual", Format.gain(p.annualReturn), sign: p.annualReturn),
            Entry("Sharpe", Format.number(p.sharpe), sign: p.sharpe),
            Entry("Sortino", Format.number(p.sortino), sign: p.sortino),
            Entry("Calmar", Format.number(p.calmar), sign: p.calmar),
        ]
        if let deflatedSharpe { returns.append(Entry("Deflated Sharpe", Format.number(deflatedSharpe, 3))) }
        let longest = p.longestDrawdown.map { "\($0.bars)\($0.isOpen ? "+" : "")" } ?? "0"
        let risk = [
            Entry("Volatility", Format.percent(p.volatility)),
            Entry("Max drawdown", Format.percent(p.maxDrawdown), sign: p.maxDrawdown),
            Entry("Drawdown bars", longest),
            Entry("VaR 95 %", Format.percent(p.valueAtRisk95)),
            Entry("CVaR 95 %", Format.percent(p.conditionalValueAtRisk95)),
            Entry("Skew, kurtosis", "\(Format.number(p.skew)), \(Format.number(p.kurtosis, 1))"),
        ]
        var trades = [
            Entry("Trades", "\(p.trades.count)"),
            Entry("Win rate", Format.percent(p.winRate, 1)),
            Entry("Profit factor", Format.number(p.profitFactor)),
            Entry("Average trade", Format.number(p.trades.average), sign: p.trades.average),
        ]
        if let exposure = p.exposure { trades.append(Entry("Exposure", Format.percent(exposure, 1))) }
        if let turnover = p.turnover { trades.append(Entry("Turnover a year", Format.number(turnover, 1) + " ×")) }
        return [
            Group(name: "Return", entries: returns), Group(name: "Risk", entries: risk), Group(name: "Trades", entries: trades),
        ]
    }

    /// The metrics in three columns, in two or one where the width allows no more.
    func metricLines(_ width: Int, _ ink: Ink) -> [String] {
        let perRow = width >= 78 ? 3 : (width >= 51 ? 2 : 1)
        let gap = 3
        let column = (width - gap * (perRow - 1)) / perRow
        let groups = groups
        var lines: [String] = []
        for start in stride(from: 0, to: groups.count, by: perRow) {
            let row = groups[start..<min(start + perRow, groups.count)]
            if start > 0 { lines.append("") }
            lines.append(
                row.map { ink.strong(Format.left($0.name, column)) }.joined(separator: String(repeating: " ", count: gap)))
            for line in 0..<(row.map(\.entries.count).max() ?? 0) {
                let cells = row.map { group in
                    guard line < group.entries.count else { return String(repeating: " ", count: column) }
                    let entry = group.entries[line]
                    let value = Format.cell(entry.value, column - entry.label.count)
                    return ink.faint(entry.label) + (entry.sign.map { ink.signed(value, $0) } ?? value)
                }
                lines.append(cells.joined(separator: String(repeating: " ", count: gap)))
            }
        }
        return ink.style == .plain ? lines.map(Self.trimmed) : lines
    }

    /// What numbers alone don't say: where the worst drawdown was, how trades ended, what the Sharpe ratio was picked from.
    func noteLines(_ width: Int, _ ink: Ink) -> [String] {
        var notes: [String] = []
        if let deepestDrawdown { notes.append("Deepest drawdown: \(deepestDrawdown)") }
        let exits = ExitReason.allCases.compactMap { reason in
            let count = trades.count { $0.exitReason == reason }
            return count > 0 ? "\(count) \(Self.words(reason))" : nil
        }
        if !exits.isEmpty { notes.append("Trades ended: " + exits.joined(separator: ", ")) }
        if let halted { notes.append("Trading stopped for good on \(date(at: halted))") }
        if let deflatedSharpe, let trials {
            let chance = Format.percent(deflatedSharpe, 1)
            let earlier = earlierTrials.map { $0 > 0 ? ", \($0) of them before this study" : "" } ?? ""
            notes.append("Picked from \(trials) trials\(earlier): better than luck with a probability of \(chance)")
            if let effectiveTrials { notes.append(effectiveTrials) }
        }
        return notes.flatMap { Format.wrapped($0, to: width) }.map(ink.faint)
    }

    /// The number of different ideas among the trials, and what the chance is by it.
    var effectiveTrials: String? {
        effective.map { effective in
            "\(effective.trials) trials with a record are \(effective.effectiveTrials) different "
                + "idea\(effective.effectiveTrials == 1 ? "" : "s") by clustering: a probability of "
                + Format.percent(effective.effective, 1) + " by those"
        }
    }

    /// When the deepest drawdown began, was deepest and ended; nil when there was none.
    var deepestDrawdown: String? {
        performance.deepestDrawdown.map { deepest in
            let end = deepest.recovery.map { "back \(date(at: $0))" } ?? "not back"
            return "from \(date(at: deepest.peak)) to \(date(at: deepest.trough)), \(end)"
        }
    }

    static func words(_ reason: ExitReason) -> String {
        switch reason {
        case .target: "by target"
        case .order: "by order"
        case .stopLoss: "by stop loss"
        case .takeProfit: "by take profit"
        case .liquidation: "by liquidation"
        case .drawdownHalt: "by drawdown halt"
        case .ruin: "by ruin"
        case .delisting: "by delisting"
        case .endOfData: "open at the end"
        }
    }

    static func trimmed(_ line: String) -> String {
        var line = line
        while line.last == " " { line.removeLast() }
        return line
    }
}
