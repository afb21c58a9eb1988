/// Cash, the position, and the trade it belongs to.
///
/// Every change of the position goes through `fill`, so cash + shares × price is equity at all times, and the trades'
/// profits add up to what cash gained.
struct Ledger {
    private(set) var cash: Double
    /// Negative when short.
    private(set) var shares = 0.0
    private(set) var trades: [Trade] = []
    private(set) var fills = 0
    private(set) var turnover = 0.0
    private(set) var commissionPaid = 0.0

    private let costs: Costs
    private let symbol: String

    // The open trade: what was entered and left so far.
    private var entryIndex = 0
    private var entryTime: Int64 = 0
    private var entered = 0.0
    private var enteredValue = 0.0
    private var left = 0.0
    private var leftValue = 0.0
    private var tradeCommission = 0.0

    init(capital: Double, costs: Costs, symbol: String) {
        cash = capital
        self.costs = costs
        self.symbol = symbol
    }

    /// The average price of the open trade's entry fills.
    var entryPrice: Double { enteredValue / entered }

    func equity(at price: Double) -> Double { cash + shares * price }

    /// Brings the position to `target` of the equity that is left after the fill and its costs, valued at `price`.
    mutating func rebalance(to target: Double, price: Double, index: Int, time: Int64) {
        let equity = equity(at: price)
        var wanted = 0.0
        if target != 0, equity > 0 {
            // wanted × price = target × (equity - |wanted - shares| × price × rate), solved for wanted.
            let direction = target * equity > shares * price ? 1.0 : -1
            let rate = costs.slippage + costs.commission * (1 + direction * costs.slippage)
            wanted = target * (equity + rate * direction * shares * price) / (price * (1 + target * rate * direction))
            if wanted * target <= 0 { wanted = 0 }
        }
        order(wanted, price: price, index: index, time: time, reason: .target)
    }

    /// Closes the position at `price`, less slippage.
    mutating func close(price: Double, index: Int, time: Int64, reason: ExitReason) {
        order(0, price: price, index: index, time: time, reason: reason)
    }

    /// Values the open position at `price` and ends its trade without a fill; cash and position stay.
    mutating func settle(price: Double, index: Int, time: Int64) {
        guard shares != 0 else { return }
        left += abs(shares)
        leftValue += abs(shares) * price
        endTrade(side: shares > 0 ? .long : .short, index: index, time: time, reason: .endOfData)
    }

    private mutating func order(_ wanted: Double, price: Double, index: Int, time: Int64, reason: ExitReason) {
        let change = wanted - shares
        guard change != 0 else { return }
        let equity = equity(at: price)
        let paid = price * (change > 0 ? 1 + costs.slippage : 1 - costs.slippage)
        fills += 1
        if equity > 0 { turnover += abs(change) * paid / equity }
        if shares * wanted < 0 {
            fill(-shares, at: paid, index: index, time: time, reason: reason)
            fill(wanted, at: paid, index: index, time: time, reason: reason)
        } else {
            fill(change, at: paid, index: index, time: time, reason: reason)
        }
    }

    /// Moves `change` shares at `price`; never through zero.
    private mutating func fill(_ change: Double, at price: Double, index: Int, time: Int64, reason: ExitReason) {
        let size = abs(change)
        let value = size * price
        let commission = value * costs.commission
        cash -= change * price + commission
        commissionPaid += commission
        if shares == 0 {
            entryIndex = index
            entryTime = time
            (entered, enteredValue, left, leftValue, tradeCommission) = (size, value, 0, 0, commission)
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
                endTrade(side: side, index: index, time: time, reason: reason)
            } else {
                shares += change
            }
        }
    }

    private mutating func endTrade(side: Side, index: Int, time: Int64, reason: ExitReason) {
        let gain = side == .long ? leftValue - enteredValue : enteredValue - leftValue
        let pnl = gain - tradeCommission
        trades.append(
            Trade(
                symbol: symbol, entryIndex: entryIndex, exitIndex: index, entryTime: entryTime, exitTime: time, side: side,
                entryPrice: enteredValue / entered, exitPrice: leftValue / left, shares: entered, commission: tradeCommission,
                pnl: pnl, return: pnl / enteredValue, exitReason: reason))
    }
}
