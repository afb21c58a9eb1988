import MarketData

/// Many series traded from one cash pool, long and short.
///
/// The rules are the engine's (see `Engine`), with these on top:
///
/// - **Calendar.** A weight decided at the close of a bar of the calendar is gone for at the series' next bar, whenever that
///   is. A series is not traded where it has no bar.
/// - **The open.** All positions are valued at the open. Then the positions that get smaller or turn are traded, in the order
///   of the series, and then the others, each sized by the equity that those before it have left.
/// - **Limits.** No fill takes a position beyond `maxPosition` of equity, nor all positions together beyond `maxGross`; what is
///   held already is not made smaller for it.
/// - **Inside the bar** the series move one after the other in their order, each from its open to its close, while the others
///   stay where they are. Stops are each position's own. The maintenance margin is that of all of them: where one series takes
///   equity there, all positions are closed, each at what it is worth then.
/// - **Drawdown halt and ruin** are those of the whole equity.
/// - **Financing.** Each short position pays for its own shares; cash below zero is paid for by the long ones, by their value.
/// - **Delisting.** After the last close of a series that ends before the calendar its position is closed at that close.
package enum Portfolio {
    /// The vectorised path: weights decided in advance.
    ///
    /// Positions of the result are net, and trades carry indices of the calendar. Throws `E_COSTS_RANGE`, `E_LIMITS_RANGE`,
    /// `E_CAPITAL`, `E_TARGETS_COUNT` for an allocation of another universe, or `E_INSTRUMENT` when money outgrows its steps.
    package static func run(
        _ universe: Universe, _ allocation: Allocation, costs: Costs = .none, limits: Limits = .none,
        initialCapital: Double = 100_000, log: TradeLog? = nil
    ) throws(BacktestError) -> BacktestResult {
        guard allocation.weights.count == universe.series.count, allocation.weights.allSatisfy({ $0.count == universe.count })
        else { throw BacktestError(.targetsCount, "the allocation is for other series or another calendar") }
        var pool = try Pool(universe, costs: costs, limits: limits, initialCapital: initialCapital, log: log)
        var goals = universe.series.map { _ in Goal() }
        let hasGuard = limits.stopLoss != nil || limits.maintenanceMargin != nil
        for bar in 0..<universe.count {
            for (number, ratio) in pool.open(bar) { goals[number].split(ratio) }
            let traded = universe.series.indices.filter { universe.isTraded($0, bar) }
            if bar > 0 { trade(traded, bar, &pool, &goals) }
            for number in traded {
                if hasGuard { guardPosition(number, bar, &pool, &goals) }
                pool.close(number, bar)
            }
            pool.mark(bar)
            guard !pool.isHalted else { continue }
            for number in universe.series.indices {
                let isFlat = pool.accounts[number].ledger.shares == 0
                let weight = allocation.order(
                    number, bar, last: goals[number].last, isFlat: isFlat, isPending: goals[number].isPending)
                if let weight { goals[number] = Goal(last: weight, weight: weight) }
            }
        }
        return try pool.result(log: log)
    }

    /// What is still to be done about a series.
    private struct Goal {
        /// The weight that was last gone for.
        var last = 0.0
        /// The weight to go for at the next bar.
        var weight: Double?
        /// The shares to reach, while fills take what the volume allows.
        var shares: Double?

        /// A goal in shares is one of new shares after a split.
        mutating func split(_ ratio: Double) {
            if let before = shares { shares = (before * ratio).rounded(.towardZero) }
        }

        var isPending: Bool { weight != nil || shares != nil }
    }

    private static func trade(_ traded: [Int], _ bar: Int, _ pool: inout Pool, _ goals: inout [Goal]) {
        if pool.isHalted {
            for number in traded {
                goals[number] = Goal()
                let moment = pool.moment(number, bar, pool.universe.series[number].open[bar])
                pool.with(number) { $0.ledger.close(moment, reason: .drawdownHalt) }
            }
            return
        }
        var first: [Int] = []
        var second: [Int] = []
        for number in traded where goals[number].isPending {
            pool.lend(to: number)
            let goal = goals[number]
            let price = pool.universe.series[number].open[bar]
            let reduces =
                goal.shares.map { pool.accounts[number].reduces(towards: $0) }
                ?? pool.accounts[number].reduces(target: goal.weight ?? 0, price: price)
            if reduces { first.append(number) } else { second.append(number) }
        }
        for number in first + second {
            let moment = pool.moment(number, bar, pool.universe.series[number].open[bar])
            let goal = goals[number]
            goals[number].weight = nil
            goals[number].shares = pool.with(number) { account in
                let shares = goal.shares ?? account.goal(target: goal.weight ?? 0, price: moment.price)
                let held = account.ledger.shares
                let next = account.limits.within(account.most(of: moment.volume), from: held, to: shares)
                account.ledger.order(to: next, moment, reason: .target)
                return next == shares ? nil : shares
            }
        }
    }

    /// Closes the position where the bar reaches the limits' stop; all of them where it reaches their liquidation.
    private static func guardPosition(_ number: Int, _ bar: Int, _ pool: inout Pool, _ goals: inout [Goal]) {
        pool.lend(to: number)
        guard let level = pool.accounts[number].guardLevel else { return }
        let bars = pool.universe.series[number]
        let isLong = pool.accounts[number].ledger.shares > 0
        guard isLong ? bars.low[bar] <= level.price : bars.high[bar] >= level.price else { return }
        let price = isLong ? min(bars.open[bar], level.price) : max(bars.open[bar], level.price)
        let moment = pool.moment(number, bar, price)
        pool.with(number) { $0.ledger.close(moment, reason: level.reason) }
        goals[number].shares = nil
        guard level.reason == .liquidation else { return }
        pool.liquidate(bar)
        for other in goals.indices { (goals[other].weight, goals[other].shares) = (nil, nil) }
    }
}
