import MarketData

/// Where a run's gain comes from: its trades by what they have in common. Every grouping adds up to the same whole.
package struct Attribution: Sendable, Hashable {
    /// Trades of one kind, net of all costs.
    package struct Part: Sendable, Hashable {
        package let name: String
        package let trades: Int
        package let pnl: Double
    }

    /// By series, in order of their names.
    package let bySymbol: [Part]
    /// `long`, then `short`, those there are.
    package let bySide: [Part]
    /// By month of the exit, such as `2008-10`, in order of time.
    package let byMonth: [Part]
    /// By the reason a trade ended, in the order of `ExitReason`.
    package let byExit: [Part]
    /// By regime of the entry bar, in order of name; empty when none were given.
    package let byRegime: [Part]

    /// `regimes` names the regime of each bar of the calendar that the trades' indices count in; a trade outside it has none.
    package init(_ trades: [Trade], regimes: [String] = []) {
        bySymbol = Self.parts(trades) { $0.symbol }
        bySide = Self.parts(trades) { $0.side.rawValue }
        byMonth = Self.parts(trades) { String(ISOTime.string($0.exitTime).prefix(7)) }
        let byReason = Self.parts(trades) { $0.exitReason.rawValue }
        byExit = ExitReason.allCases.compactMap { reason in byReason.first { $0.name == reason.rawValue } }
        byRegime =
            regimes.isEmpty
            ? [] : Self.parts(trades) { regimes.indices.contains($0.entryIndex) ? regimes[$0.entryIndex] : "none" }
    }

    private static func parts(_ trades: [Trade], _ name: (Trade) -> String) -> [Part] {
        let groups = Dictionary(grouping: trades, by: name)
        return groups.keys.sorted().map { key in
            let group = groups[key] ?? []
            return Part(name: key, trades: group.count, pnl: group.reduce(0) { $0 + $1.pnl })
        }
    }
}
