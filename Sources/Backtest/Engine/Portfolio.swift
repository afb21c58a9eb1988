import Diagnostics
package import MarketData

/// Several series that are traded side by side, each with its own equal share of the capital.
///
/// Every sleeve is a run of the engine of its own: limits apply to each sleeve, and money never moves between them. The
/// calendar is the union of all series' times. Where a series has no bar its sleeve keeps its last equity and position;
/// before its first bar it is cash.
package enum Portfolio {
    /// One series and the positions to hold in it.
    package struct Sleeve: Sendable {
        package var bars: Bars
        /// One target per bar, as for `Engine`.
        package var targets: [Double]

        package init(bars: Bars, targets: [Double]) {
            self.bars = bars
            self.targets = targets
        }
    }

    /// Runs all sleeves and adds them up.
    ///
    /// Positions are the sleeves' net position over the whole equity; turnover is the mean of the sleeves' turnovers;
    /// trades carry indices of the common calendar, in order of exit, then of the sleeves; `halted` is the first bar at
    /// which a sleeve ended trading. Throws `E_PORTFOLIO_EMPTY`, `E_BAR_TIME` and what `Engine.run` throws.
    package static func run(
        _ sleeves: [Sleeve], costs: Costs = .none, limits: Limits = .none, initialCapital: Double = 100_000
    ) throws(BacktestError) -> BacktestResult {
        guard !sleeves.isEmpty else { throw BacktestError(.portfolioEmpty, "a portfolio needs at least one series") }
        for sleeve in sleeves { try checkTimes(of: sleeve.bars) }
        let capital = initialCapital / Double(sleeves.count)
        var results: [BacktestResult] = []
        results.reserveCapacity(sleeves.count)
        for sleeve in sleeves {
            results.append(
                try Engine.run(
                    bars: sleeve.bars, targets: sleeve.targets, costs: costs, limits: limits, initialCapital: capital))
        }
        return combine(results, capital: capital, initialCapital: initialCapital)
    }

    private static func combine(_ results: [BacktestResult], capital: Double, initialCapital: Double) -> BacktestResult {
        let calendar = union(of: results.map(\.times))
        var equity = [Double](repeating: 0, count: calendar.count)
        var exposure = equity
        var trades: [Trade] = []
        var halted: Int?
        for result in results {
            // places[i] is the calendar's index of the sleeve's bar i.
            var places: [Int] = []
            places.reserveCapacity(result.times.count)
            var value = capital
            var position = 0.0
            for (day, time) in calendar.enumerated() {
                if places.count < result.times.count, result.times[places.count] == time {
                    value = result.equity[places.count]
                    position = result.positions[places.count] * value
                    places.append(day)
                }
                equity[day] += value
                exposure[day] += position
            }
            for var trade in result.trades {
                trade.entryIndex = places[trade.entryIndex]
                trade.exitIndex = places[trade.exitIndex]
                trades.append(trade)
            }
            if let bar = result.halted { halted = min(halted ?? .max, places[bar]) }
        }
        // By exit, then by the order in which the sleeves were added.
        let order = trades.indices.sorted { (trades[$0].exitIndex, $0) < (trades[$1].exitIndex, $1) }
        trades = order.map { trades[$0] }
        var returns = equity
        var before = initialCapital
        for day in equity.indices {
            returns[day] = before > 0 ? equity[day] / before - 1 : 0
            exposure[day] = equity[day] > 0 ? exposure[day] / equity[day] : 0
            before = equity[day]
        }
        return BacktestResult(
            times: calendar, returns: returns, equity: equity, positions: exposure, trades: trades,
            fills: results.reduce(0) { $0 + $1.fills },
            turnover: results.reduce(0) { $0 + $1.turnover } / Double(results.count),
            commissionPaid: results.reduce(0) { $0 + $1.commissionPaid },
            financingPaid: results.reduce(0) { $0 + $1.financingPaid }, halted: halted, initialCapital: initialCapital)
    }

    private static func union(of series: [[Int64]]) -> [Int64] {
        var union: [Int64] = []
        for time in series.joined().sorted() where union.last != time { union.append(time) }
        return union
    }

    private static func checkTimes(of bars: Bars) throws(BacktestError) {
        for i in bars.time.indices.dropFirst() where bars.time[i] <= bars.time[i - 1] {
            throw BacktestError(
                .barTime, "bars of \(bars.symbol) are not in order of time",
                place: .row(file: bars.symbol, row: i + 1, column: "time"))
        }
    }
}
