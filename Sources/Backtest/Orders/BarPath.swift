/// How the price is assumed to have moved inside a bar, of which only open, high, low and close are known.
package enum BarPath: String, Sendable, Hashable, Codable, CaseIterable {
    /// Against the position: first to the adverse extreme, then to the other, then to the close. A position that is opened inside
    /// a bar sees the adverse extreme and the close only, so that of a stop and a target in one bar the stop is filled. While flat,
    /// the extreme that is nearer the open comes first.
    case pessimistic
    /// Open, high, low, close.
    case highFirst
    /// Open, low, high, close.
    case lowFirst
    /// First the extreme that is nearer the open; of equal ones the low.
    case nearestFirst

    /// The two extremes in the order they are reached.
    func extremes(open: Double, high: Double, low: Double, position: Double) -> (first: Double, second: Double) {
        let isLowFirst: Bool =
            switch self {
            case .highFirst: false
            case .lowFirst: true
            case .nearestFirst: open - low <= high - open
            case .pessimistic: position == 0 ? open - low <= high - open : position > 0
            }
        return isLowFirst ? (low, high) : (high, low)
    }
}
