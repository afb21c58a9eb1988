import MarketData

/// Cash, the position, and the trade it belongs to: the one accounting of both paths of the engine.
///
/// Every change of the position goes through `order`, so cash + shares × price is equity at all times, and the trades'
/// profits add up to what cash gained.
struct Ledger {
    private(set) var cash: Double
    /// Negative when short.
    private(set) var shares = 0.0
    private(set) var trades: [Trade] = []
    private(set) var fills = 0
    private(set) var turnover = 0.0
    private(set) var commissionPaid = 0.0
    private(set) var financingPaid = 0.0
    private(set) var dividendsReceived = 0.0
    /// Where orders and fills are written down, if anywhere.
    var log: SeriesLog?
    /// What else the cash is shared with: the other positions of a portfolio, in money.
    private(set) var others = (value: 0.0, gross: 0.0)

    let costs: Costs
    /// Whether prices, shares and money are whole numbers of steps (see `Instrument`).
    let isWhole: Bool
    private let symbol: String

    // The open trade: what was entered and left so far.
    private var entryIndex = 0
    private var entryTime: Int64 = 0
    private var entered = 0.0
    private var enteredValue = 0.0
    private var left = 0.0
    private var leftValue = 0.0
    private var tradeCommission = 0.0
    private var tradeFinancing = 0.0

    init(capital: Double, costs: Costs, symbol: String, isWhole: Bool = false, log: SeriesLog? = nil) {
        cash = capital
        self.isWhole = isWhole
        self.costs = costs
        self.symbol = symbol
        self.log = log
    }

    /// The average price of the open trade's entry fills.
    var entryPrice: Double { enteredValue / entered }

    /// The equity of the whole account.
    @inline(__always)
    func equity(at price: Double) -> Double { cash + others.value + shares * price }

    /// The shares whose value at `price` is `target` of the equity that is left after the fill's costs, less `taken`: signed
    /// money that is held elsewhere already.
    ///
    /// The costs counted are those that grow with the fill's size; a minimum commission and impact come on top.
    func wanted(target: Double, price: Double, less taken: Double = 0) -> Double {
        let equity = equity(at: price)
        guard target != 0, equity > 0 else { return 0 }
        // wanted × price = target × (equity - |wanted - shares| × price × rate) - taken, solved for wanted.
        let direction = target * equity - taken > shares * price ? 1.0 : -1
        let slippage = costs.flatSlippage
        let rate = slippage + costs.commission * (1 + direction * slippage) + (costs.perShare > 0 ? costs.perShare / price : 0)
        let wanted =
            (target * (equity + rate * direction * shares * price) - taken) / (price * (1 + target * rate * direction))
        return wanted * target <= 0 ? 0 : wanted
    }

    /// `goal` cut so that all positions together are at most `cap` of the equity left; a position is not made smaller for it.
    func within(gross cap: Double, goal: Double, price: Double) -> Double {
        guard others.gross > 0, goal * shares < 0 || abs(goal) > abs(shares) else { return goal }
        let side = goal > 0 ? 1.0 : -1
        let most = abs(wanted(target: side * cap, price: price, less: side * others.gross))
        return side * min(abs(goal), max(most, goal * shares > 0 ? abs(shares) : 0))
    }

    /// Takes over a portfolio's cash, for as long as this series is traded.
    mutating func lend(_ cash: Double, besides others: (value: Double, gross: Double)) {
        self.cash = cash
        self.others = others
    }

    /// Closes the position at the moment's price, less costs.
    mutating func close(_ moment: Moment, reason: ExitReason) {
        order(to: 0, moment, reason: reason)
    }

    /// Pays what holding the position cost since the bar before.
    mutating func finance(price: Double, days: Double, index: Int) {
        finance(costs.borrowing(shares: shares, price: price, days: days) + costs.funding(cash: cash, days: days), index: index)
    }

    /// Pays `money` for holding the position.
    mutating func finance(_ money: Double, index: Int) {
        let paid = isWhole ? money.rounded(.up) : money
        guard shares != 0, paid != 0 else { return }
        log?.finance(index, paid: paid)
        cash -= paid
        financingPaid += paid
        tradeFinancing += paid
    }

    /// Books a split and a dividend of the shares held, before a bar that opens at `moment`. A part of a lot that a split
    /// leaves is paid out at the open.
    mutating func book(_ action: CorporateAction, _ moment: Moment) {
        guard shares != 0 else { return }
        let split = shares * action.ratio
        let kept = isWhole ? split.rounded(.towardZero) : split
        let money = shares * action.dividend + (split - kept) * moment.price
        // Down for what is received, up for what a short position pays.
        let received = isWhole ? money.rounded(.down) : money
        log?.book(moment.index, shares: kept, received: received)
        cash += received
        entered *= action.ratio
        left *= action.ratio
        if kept == 0 {
            let side: Side = shares > 0 ? .long : .short
            left += abs(split)
            leftValue += abs(received)
            shares = 0
            endTrade(side: side, index: moment.index, time: moment.time, reason: .delisting)
        } else {
            shares = kept
            dividendsReceived += received
            tradeFinancing -= received
        }
    }

    /// Values the open position at the moment's price and ends its trade without a fill; cash and position stay.
    mutating func settle(_ moment: Moment) {
        guard shares != 0 else { return }
        left += abs(shares)
        leftValue += abs(shares) * moment.price
        endTrade(side: shares > 0 ? .long : .short, index: moment.index, time: moment.time, reason: .endOfData)
    }

    /// Brings the position to `wanted` shares; a position that turns round is closed and opened at one price.
    mutating func order(to wanted: Double, _ moment: Moment, reason: ExitReason) {
        let change = wanted - shares
        guard change != 0 else { return }
        let size = abs(change)
        var paid = costs.paid(moment.price, size: size, isBuy: change > 0, volume: moment.volume)
        if isWhole { paid = change > 0 ? paid.rounded(.up) : max(1, paid.rounded(.down)) }
        let equity = equity(at: moment.price)
        fills += 1
        if equity > 0 { turnover += size * paid / equity }
        // What is missing to the minimum, for each share.
        let missing = costs.minimum > 0 ? max(0, costs.minimum - costs.commission(size: size, value: size * paid)) / size : 0
        let before = commissionPaid
        if shares * wanted < 0 {
            fill(-shares, at: paid, missing, moment, reason: reason)
            fill(wanted, at: paid, missing, moment, reason: reason)
        } else {
            fill(change, at: paid, missing, moment, reason: reason)
        }
        log?.fill(moment, change: change, price: paid, commission: commissionPaid - before, reason: reason)
    }

    /// Moves `change` shares at `price`; never through zero.
    private mutating func fill(_ change: Double, at price: Double, _ missing: Double, _ moment: Moment, reason: ExitReason) {
        let size = abs(change)
        let value = size * price
        var commission = costs.commission(size: size, value: value) + missing * size
        if isWhole { commission = commission.rounded(.up) }
        cash -= change * price + commission
        commissionPaid += commission
        if shares == 0 {
            entryIndex = moment.index
            entryTime = moment.time
            (entered, enteredValue, left, leftValue, tradeCommission, tradeFinancing) = (size, value, 0, 0, commission, 0)
            shares = change
        } else if shares * change > 0 {
            entered += size
            enteredValue += value
            tradeCommission += commission
            shares += change
        } else {
            left += size
            leftValue += value
            tradeCommission += commission
            if change == -shares {
                let side: Side = shares > 0 ? .long : .short
                shares = 0
                endTrade(side: side, index: moment.index, time: moment.time, reason: reason)
            } else {
                shares += change
            }
        }
    }

    private mutating func endTrade(side: Side, index: Int, time: Int64, reason: ExitReason) {
        let gain = side == .long ? leftValue - enteredValue : enteredValue - leftValue
        let pnl = gain - tradeCommission - tradeFinancing
        trades.append(
            Trade(
                symbol: symbol, entryIndex: entryIndex, exitIndex: index, entryTime: entryTime, exitTime: time, side: side,
                entryPrice: enteredValue / entered, exitPrice: leftValue / left, shares: entered, commission: tradeCommission,
                pnl: pnl, return: pnl / enteredValue, exitReason: reason))
    }
}
