/// A portfolio strategy that goes for weights decided in advance: the bridge from the vectorised path to the event-driven one.
package struct AllocationFollower: PortfolioStrategy {
    private let allocation: Allocation
    private var last: [Double]
    private var orders: [Int?]

    package init(_ allocation: Allocation) {
        self.allocation = allocation
        last = allocation.weights.map { _ in 0 }
        orders = allocation.weights.map { _ in nil }
    }

    package mutating func decide(_ desk: inout PortfolioDesk) throws(BacktestError) {
        for number in 0..<min(desk.count, last.count) {
            let isPending = orders[number].map { desk[number].isLive($0) } ?? false
            let weight = allocation.order(
                number, desk.bar, last: last[number], isFlat: desk[number].position == 0, isPending: isPending)
            guard let weight else { continue }
            last[number] = weight
            if let order = orders[number] { desk[number].cancel(order) }
            orders[number] = try desk[number].place(Order(.market, .target(weight)))
        }
    }
}
