import MarketData

/// The positions of a portfolio and the one cash pool behind them.
///
/// Each series has an account of its own whose ledger is lent the cash, and told what the other positions are worth, for as long
/// as it trades.
struct Pool {
    private(set) var accounts: [Account]
    private(set) var cash: Double
    private(set) var record: EquityRecord
    let universe: Universe
    private let costs: Costs
    private let unit: Double
    /// What each series is worth a share now; zero before its first bar.
    private var prices: [Double]
    /// All positions at these prices: their sum, and the sum of their sizes.
    private var held = (value: 0.0, gross: 0.0)

    /// Throws `E_COSTS_RANGE`, `E_LIMITS_RANGE` or `E_CAPITAL`.
    init(
        _ universe: Universe, costs: Costs, limits: Limits, initialCapital: Double, log: TradeLog?
    ) throws(BacktestError) {
        try Engine.check(costs, limits, initialCapital)
        self.universe = universe
        self.costs = costs
        unit = universe.unit
        let steps = universe.steps
        cash = steps == nil ? initialCapital : (initialCapital / unit).rounded()
        guard steps == nil || cash < Steps.largest && abs(cash * unit - initialCapital) < unit * 1e-6 else {
            throw BacktestError(
                .capital, "the initial capital of \(initialCapital) is no number of units of \(unit)",
                hint: "money is counted in the unit that the instruments' steps have in common")
        }
        log?.begin(universe.symbols, unit: unit)
        accounts = universe.series.enumerated().map { number, bars in
            let ledger = Ledger(
                capital: 0, costs: steps?[number].scaled(costs) ?? costs, symbol: bars.symbol, isWhole: steps != nil,
                log: log.map { SeriesLog(log: $0, series: number) })
            return Account(ledger: ledger, limits: limits)
        }
        record = EquityRecord(initialCapital: cash, maxDrawdown: limits.maxDrawdown, bars: universe.count)
        prices = accounts.map { _ in 0 }
    }

    var equity: Double { cash + held.value }
    var isHalted: Bool { record.halted != nil }

    /// Lets the account of a series trade with the pool's cash.
    mutating func with<Result>(_ number: Int, _ body: (inout Account) -> Result) -> Result {
        lend(to: number)
        let before = accounts[number].ledger.shares
        let result = body(&accounts[number])
        cash = accounts[number].ledger.cash
        // Looking on changes nothing, not even the last bit.
        guard accounts[number].ledger.shares != before else { return result }
        let value = accounts[number].ledger.shares * prices[number]
        let others = accounts[number].ledger.others
        held = (others.value + value, others.gross + abs(value))
        return result
    }

    /// Tells the account of a series what there is, to look at.
    mutating func lend(to number: Int) {
        let value = accounts[number].ledger.shares * prices[number]
        accounts[number].ledger.lend(cash, besides: (held.value - value, max(0, held.gross - abs(value))))
    }

    /// Pays for what was held since the bar before, books splits and dividends, and moves the prices to the opens of `bar`. Returns
    /// the splits.
    mutating func open(_ bar: Int) -> [(number: Int, ratio: Double)] {
        if bar > 0, costs.hasFinancing { finance(days: days(to: bar), bar) }
        for (number, bars) in universe.series.enumerated() where universe.isTraded(number, bar) {
            prices[number] = bars.open[bar]
        }
        var splits: [(number: Int, ratio: Double)] = []
        for (number, actions) in universe.actions.enumerated() {
            guard let action = actions[bar] else { continue }
            let moment = moment(number, bar, prices[number])
            with(number) { $0.ledger.book(action, moment) }
            if action.ratio != 1 { splits.append((number, action.ratio)) }
        }
        value()
        return splits
    }

    /// Moves a series to its close in `bar`.
    mutating func close(_ number: Int, _ bar: Int) {
        let price = universe.series[number].close[bar]
        let before = accounts[number].ledger.shares * prices[number], after = accounts[number].ledger.shares * price
        prices[number] = price
        held = (held.value - before + after, held.gross - abs(before) + abs(after))
    }

    /// Closes every position that the limits' liquidation has not closed yet, at what it is worth now.
    mutating func liquidate(_ bar: Int) {
        for number in accounts.indices where accounts[number].ledger.shares != 0 {
            let moment = moment(number, bar, prices[number])
            with(number) { $0.ledger.close(moment, reason: .liquidation) }
        }
    }

    /// Marks the pool at the closes of `bar`; series that are gone after it are settled, and so is everything when equity is
    /// gone.
    mutating func mark(_ bar: Int) {
        for (number, last) in universe.delisted.enumerated() where last == bar { settle(number, bar, .delisting) }
        value()
        let isRuin = record.equity > 0 && equity <= 0
        if isRuin { for number in accounts.indices { settle(number, bar, .ruin) } }
        record.mark(bar, equity: equity, held: held.value, isRuin: isRuin)
    }

    func moment(_ number: Int, _ bar: Int, _ price: Double) -> Moment {
        Moment(price: price, index: bar, time: universe.times[bar], volume: universe.series[number].volume[bar])
    }

    /// Ends the run: values what is open at the last closes. Throws `E_INSTRUMENT` when numbers have outgrown their steps.
    mutating func result(log: TradeLog?) throws(BacktestError) -> BacktestResult {
        var trades: [Trade] = []
        var closes: [(series: Int, price: Double)] = []
        let last = universe.count - 1
        for number in accounts.indices {
            if last >= 0, accounts[number].ledger.fills > 0 {
                closes.append((number, prices[number]))
                accounts[number].ledger.settle(moment(number, last, prices[number]))
            }
            let own = accounts[number].ledger.trades
            trades += universe.steps.map { steps in own.map(steps[number].money) } ?? own
        }
        let largest = max(record.equities.map(abs).max() ?? 0, abs(cash), held.gross)
        guard universe.steps == nil || largest < Steps.largest else {
            throw BacktestError(
                .instrument, "money has outgrown the whole numbers of its unit of \(unit)", hint: "use a larger tick or lot")
        }
        if let time = universe.times.last { log?.end(bar: last, time: time, equity: record.equity, closes: closes) }
        // By exit, then in the order of the series.
        let order = trades.indices.sorted { (trades[$0].exitIndex, $0) < (trades[$1].exitIndex, $1) }
        func sum(_ value: (Ledger) -> Double) -> Double { accounts.reduce(0) { $0 + value($1.ledger) } }
        return BacktestResult(
            times: universe.times, returns: record.returns,
            equity: universe.steps == nil ? record.equities : record.equities.map { $0 * unit },
            positions: record.positions, trades: order.map { trades[$0] }, fills: accounts.reduce(0) { $0 + $1.ledger.fills },
            turnover: sum(\.turnover), commissionPaid: sum(\.commissionPaid) * unit, financingPaid: sum(\.financingPaid) * unit,
            dividendsReceived: sum(\.dividendsReceived) * unit, halted: record.halted,
            initialCapital: record.initialCapital * unit)
    }

    private func days(to bar: Int) -> Double { Double(universe.times[bar] - universe.times[bar - 1]) / 86_400_000 }

    /// Short positions pay for their own shares; cash below zero is paid for by the long ones, by their value.
    private mutating func finance(days: Double, _ bar: Int) {
        let owed = costs.funding(cash: cash, days: days)
        let values = accounts.indices.map { accounts[$0].ledger.shares * prices[$0] }
        let long = values.reduce(0) { $0 + max(0, $1) }
        for number in accounts.indices where values[number] != 0 {
            let price = prices[number]
            let paid =
                costs.borrowing(shares: accounts[number].ledger.shares, price: price, days: days)
                + (values[number] > 0 && owed != 0 ? owed * (values[number] / long) : 0)
            if paid != 0 { with(number) { $0.ledger.finance(paid, index: bar) } }
        }
    }

    private mutating func settle(_ number: Int, _ bar: Int, _ reason: ExitReason) {
        let moment = moment(number, bar, prices[number])
        with(number) { $0.ledger.close(moment, reason: reason) }
    }

    /// Values all positions anew, so that no error of rounding adds up.
    private mutating func value() {
        held = (0, 0)
        for number in accounts.indices {
            let value = accounts[number].ledger.shares * prices[number]
            held.value += value
            held.gross += abs(value)
        }
    }
}
