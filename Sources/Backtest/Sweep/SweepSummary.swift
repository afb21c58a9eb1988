/// How a measure is spread over the combinations of a sweep: enough to add up parts, in a fixed order, to the whole.
package struct SweepSummary: Sendable, Hashable {
    /// Combinations whose measure is a number.
    package private(set) var count: Int
    package private(set) var mean: Double
    /// The sum of the squared distances from the mean.
    package private(set) var squares: Double
    package private(set) var least: Double
    package private(set) var greatest: Double

    package init(count: Int = 0, mean: Double = 0, squares: Double = 0, least: Double = .infinity, greatest: Double = -.infinity)
    {
        self.count = count
        self.mean = mean
        self.squares = squares
        self.least = least
        self.greatest = greatest
    }

    /// With the divisor n - 1; NaN for fewer than two.
    package var variance: Double { count > 1 ? squares / Double(count - 1) : .nan }

    package mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        add(SweepSummary(count: 1, mean: value, squares: 0, least: value, greatest: value))
    }

    /// Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances", 1979.
    package mutating func add(_ other: SweepSummary) {
        guard other.count > 0 else { return }
        let (own, added) = (Double(count), Double(other.count))
        let distance = other.mean - mean
        mean += distance * added / (own + added)
        squares += other.squares + distance * distance * own * added / (own + added)
        count += other.count
        least = min(least, other.least)
        greatest = max(greatest, other.greatest)
    }
}
