/// The sum of some values.
struct Total: Joinable {
    var value: Double

    static func join(_ older: Total, _ newer: Total) -> Total { Total(value: older.value + newer.value) }
}

/// Two sums over the same rows.
struct TotalPair: Joinable {
    var first: Double
    var second: Double

    static func join(_ older: TotalPair, _ newer: TotalPair) -> TotalPair {
        TotalPair(first: older.first + newer.first, second: older.second + newer.second)
    }
}

/// The lowest and the highest of some values.
struct Extent: Joinable {
    var low: Double
    var high: Double

    static func join(_ older: Extent, _ newer: Extent) -> Extent {
        Extent(low: newer.low < older.low ? newer.low : older.low, high: newer.high > older.high ? newer.high : older.high)
    }
}

/// The count, mean and spread of some values, held relative to the oldest of them.
///
/// The sum of squares about a value of the set exceeds the one about the mean by a factor of at most count + 1, so the
/// difference taken at the end is accurate even where the values are large and nearly equal, and exactly zero where they are
/// equal.
struct Spread: Joinable {
    var count: Double
    var reference: Double
    var sum: Double
    var squares: Double

    @inline(__always)
    init(_ value: Double) { self.init(count: 1, reference: value, sum: 0, squares: 0) }

    @inline(__always)
    private init(count: Double, reference: Double, sum: Double, squares: Double) {
        self.count = count
        self.reference = reference
        self.sum = sum
        self.squares = squares
    }

    @inline(__always)
    static func join(_ older: Spread, _ newer: Spread) -> Spread {
        let shift = newer.reference - older.reference
        return Spread(
            count: older.count + newer.count, reference: older.reference,
            sum: older.sum + (newer.sum + newer.count * shift),
            squares: older.squares + (newer.squares + shift * (2 * newer.sum + newer.count * shift)))
    }

    /// The mean; `share` is 1/count.
    @inline(__always)
    func mean(_ share: Double) -> Double { reference + sum * share }

    /// The standard deviation; `share` is 1/count, and `factor` is 1/count or 1/(count - 1).
    @inline(__always)
    func deviation(_ share: Double, _ factor: Double) -> Double {
        let about = squares - sum * sum * share
        return about > 0 ? (about * factor).squareRoot() : (about.isNaN ? .nan : 0)
    }
}

/// A sum of values in which each weighs `decay` times as much as the one after it.
struct Fading: Joinable {
    var sum: Double
    /// `decay` to the power of the number of values.
    var factor: Double

    @inline(__always)
    static func join(_ older: Fading, _ newer: Fading) -> Fading {
        Fading(sum: older.sum * newer.factor + newer.sum, factor: older.factor * newer.factor)
    }

    /// The sum of the weights of `count` values.
    static func weight(decay: Double, count: Int) -> Double {
        var factor = 1.0
        for _ in 0..<count { factor *= decay }
        return decay == 1 ? Double(count) : (1 - factor) / (1 - decay)
    }
}

/// Two fading sums over the same rows.
struct FadingPair: Joinable {
    var first: Double
    var second: Double
    var factor: Double

    @inline(__always)
    static func join(_ older: FadingPair, _ newer: FadingPair) -> FadingPair {
        FadingPair(
            first: older.first * newer.factor + newer.first, second: older.second * newer.factor + newer.second,
            factor: older.factor * newer.factor)
    }
}
