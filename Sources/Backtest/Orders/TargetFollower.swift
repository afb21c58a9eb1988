/// An order strategy that holds positions decided in advance: the bridge from the vectorised path to the event-driven one.
///
/// On a close whose target differs from the one before it places an order for that target at the next open, and takes back an
/// order that is still being worked off.
package struct TargetFollower: OrderStrategy {
    private let targets: [Double]
    private let bracket: Bracket?
    private var last = 0.0
    private var order: Int?

    /// One target per bar; each order carries `bracket`. Targets that the position cap makes equal are to be given cut to it.
    package init(targets: [Double], bracket: Bracket? = nil) {
        self.targets = targets
        self.bracket = bracket
    }

    package mutating func decide(_ desk: inout Desk) throws(BacktestError) {
        guard desk.bar < targets.count, targets[desk.bar] != last else { return }
        last = targets[desk.bar]
        if let order { desk.cancel(order) }
        order = try desk.place(Order(.market, .target(last), bracket: bracket))
    }
}
