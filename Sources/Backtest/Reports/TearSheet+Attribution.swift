extension TearSheet {
    /// Where the gain comes from, by what the trades have in common.
    var attribution: Attribution {
        Attribution(trades, regimes: benchmark.count == times.count ? MarketRegimes.names(benchmark) : [])
    }

    /// The returns beside those of the benchmark; nil without one.
    var comparison: BenchmarkComparison? {
        guard !benchmark.isEmpty, benchmark.count == returns.count else { return nil }
        return try? BenchmarkComparison(returns: returns, benchmark: benchmark, periodsPerYear: performance.periodsPerYear)
    }

    /// Groups of trades by their headings, but for those that are all alike; of many parts the ones that matter most.
    var attributionTables: [(heading: String, parts: [Attribution.Part])] {
        let attribution = attribution
        let most = 20
        func largest(_ parts: [Attribution.Part]) -> [Attribution.Part] {
            guard parts.count > most else { return parts }
            let kept = parts.indices.sorted { (-abs(parts[$0].pnl), $0) < (-abs(parts[$1].pnl), $1) }.prefix(most)
            let rest = Set(parts.indices).subtracting(kept)
            return kept.map { parts[$0] } + [
                Attribution.Part(
                    name: "\(rest.count) more", trades: rest.reduce(0) { $0 + parts[$1].trades },
                    pnl: rest.sorted().reduce(0) { $0 + parts[$1].pnl })
            ]
        }
        let exits = attribution.byExit.map { part in
            Attribution.Part(
                name: ExitReason(rawValue: part.name).map(Self.words) ?? part.name, trades: part.trades, pnl: part.pnl)
        }
        return [
            ("Series", largest(attribution.bySymbol)), ("Side", attribution.bySide), ("Ended", exits),
            ("Market at entry", attribution.byRegime), ("Month of exit", largest(attribution.byMonth)),
        ].filter { $0.parts.count > 1 }
    }

    /// One line a fact about the benchmark and the factors.
    var comparisonFacts: [String] {
        var facts: [String] = []
        if let comparison {
            facts.append(
                "Against an equal share of every series, held: alpha \(Format.gain(comparison.alpha)) a year, beta "
                    + "\(Format.number(comparison.beta)), correlation \(Format.number(comparison.correlation)), information ratio "
                    + Format.number(comparison.informationRatio))
        }
        if let factors {
            let loadings = factors.loadings.map { "\($0.name) \(Format.number($0.beta)) (t \(Format.number($0.statistic, 1)))" }
            facts.append(
                "By factors over \(factors.months) months: alpha \(Format.gain(factors.alpha)) a year "
                    + "(t \(Format.number(factors.alphaStatistic, 1))), \(loadings.joined(separator: ", ")); R² "
                    + Format.number(factors.rSquared))
        }
        return facts
    }

    /// The gain by series, side, way of ending and regime; nothing for a single trade.
    func attributionLines(_ width: Int, _ ink: Ink) -> [String] {
        let facts = comparisonFacts.flatMap { Format.wrapped($0, to: width) }.map(ink.faint)
        // The calendar has the months.
        let tables = attributionTables.filter { $0.heading != "Month of exit" }
        guard !tables.isEmpty else { return facts }
        let name = min(34, width - 22)
        var lines = [ink.strong("Where the gain comes from")]
        for (heading, parts) in tables {
            lines.append(
                ink.faint(Format.left(heading, name) + Format.right("Trades", 8) + Format.right("Gain", 14)))
            for part in parts {
                lines.append(
                    Format.left(Format.cut(Format.printable(part.name), to: name - 1), name) + Format.cell("\(part.trades)", 8)
                        + ink.signed(Format.cell(Format.number(part.pnl), 14), part.pnl))
            }
        }
        return lines + facts
    }
}
