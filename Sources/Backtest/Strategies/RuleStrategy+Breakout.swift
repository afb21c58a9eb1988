import MarketData

extension RuleStrategy {
    static func breakoutTargets(_ bars: Bars, entry: Int, exit: Int, short: Bool) -> [Double] {
        let highs = bars.high, lows = bars.low, closes = bars.close
        var targets = [Double](repeating: 0, count: closes.count)
        guard entry > 0, exit > 0 else { return targets }
        var entryHigh = SlidingExtreme(window: entry), entryLow = SlidingExtreme(window: entry)
        var exitHigh = SlidingExtreme(window: exit), exitLow = SlidingExtreme(window: exit)
        var target = 0.0
        for i in closes.indices {
            // The channels hold the bars before i; bar i joins them below.
            if target > 0, let low = exitLow.value, closes[i] < -low { target = 0 }
            if target < 0, let high = exitHigh.value, closes[i] > high { target = 0 }
            if i >= entry, let high = entryHigh.value, let low = entryLow.value {
                if closes[i] > high {
                    target = 1
                } else if short, closes[i] < -low {
                    target = -1
                }
            }
            targets[i] = target
            entryHigh.add(highs[i])
            exitHigh.add(highs[i])
            // The lowest low is minus the highest negated low.
            entryLow.add(-lows[i])
            exitLow.add(-lows[i])
        }
        return targets
    }
}

/// The largest of the last `window` values, at constant mean cost: a queue of the values that can still become it.
struct SlidingExtreme {
    private let window: Int
    private var count = 0
    private var queue: [(index: Int, value: Double)] = []
    private var head = 0

    /// `window` is positive.
    init(window: Int) { self.window = window }

    /// The largest value, or nil before the first.
    var value: Double? { head < queue.count ? queue[head].value : nil }

    mutating func add(_ value: Double) {
        while queue.count > head, queue[queue.count - 1].value <= value { queue.removeLast() }
        queue.append((count, value))
        count += 1
        if queue[head].index + window < count { head += 1 }
        if head > 64, head * 2 > queue.count {
            queue.removeFirst(head)
            head = 0
        }
    }
}
