/// Something that moved with data that came after it.
package struct LeakView: Codable, Sendable, Hashable, CustomStringConvertible {
    package var symbol: String
    /// `decision` or `fill`.
    package var what: String
    /// The bar at which it moved, and the first bar that was changed.
    package var bar: Int
    package var changedFrom: Int

    package init(symbol: String, what: String, bar: Int, changedFrom: Int) {
        self.symbol = symbol
        self.what = what
        self.bar = bar
        self.changedFrom = changedFrom
    }

    package var description: String { "the \(what) of bar \(bar) of \(symbol) moved with the data from bar \(changedFrom) on" }
}
