/// The count, mean and central moments of a sample, up to the fourth.
///
/// From an array they come in two passes with compensated sums; fed value by value, or merged, they come by the updating
/// formulas of Pébay ("Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
/// moments", Sandia 2008). NaN in, NaN out.
package struct Moments: Sendable, Hashable, Codable {
    /// How many values there are.
    package private(set) var count = 0
    /// The arithmetic mean; NaN when there is no value.
    package var mean: Double { count > 0 ? center : .nan }

    private var center = 0.0
    private var second = 0.0
    private var third = 0.0
    private var fourth = 0.0

    package init() {}

    package init(_ values: [Double]) {
        guard !values.isEmpty else { return }
        count = values.count
        center = CompensatedSum.of(values) / Double(count)
        var first = CompensatedSum(), second = CompensatedSum(), third = CompensatedSum(), fourth = CompensatedSum()
        for value in values {
            let d = value - center
            let square = d * d
            first.add(d)
            second.add(square)
            third.add(square * d)
            fourth.add(square * square)
        }
        // The rounded mean is off by a tiny amount; its effect on the second moment is removed.
        self.second = max(0, second.value - first.value * first.value / Double(count))
        self.third = third.value
        self.fourth = fourth.value
        if values[0].isFinite, values.allSatisfy({ $0 == values[0] }) {
            (center, self.second, self.third, self.fourth) = (values[0], 0, 0, 0)
        }
    }

    /// Takes one more value in.
    package mutating func add(_ value: Double) {
        let before = Double(count)
        count += 1
        let n = Double(count)
        let delta = value - center
        let step = delta / n
        let stepSquared = step * step
        let term = delta * step * before
        center += step
        fourth += term * stepSquared * (n * n - 3 * n + 3) + 6 * stepSquared * second - 4 * step * third
        third += term * step * (n - 2) - 3 * step * second
        second += term
    }

    /// Takes in all values of another sample.
    package mutating func merge(_ other: Moments) {
        guard other.count > 0 else { return }
        guard count > 0 else {
            self = other
            return
        }
        let a = Double(count), b = Double(other.count)
        let n = a + b
        let delta = other.center - center
        let step = delta / n
        fourth +=
            other.fourth + delta * step * step * step * a * b * (a * a - a * b + b * b)
            + 6 * step * step * (a * a * other.second + b * b * second) + 4 * step * (a * other.third - b * third)
        third += other.third + delta * step * step * a * b * (a - b) + 3 * step * (a * other.second - b * second)
        second += other.second + delta * step * a * b
        center += step * b
        count += other.count
    }

    /// The sum of squared deviations over `count - ddof`; NaN when that is not positive.
    package func variance(ddof: Int = 1) -> Double {
        count > ddof ? second / Double(count - ddof) : .nan
    }

    /// The square root of `variance(ddof:)`.
    package func standardDeviation(ddof: Int = 1) -> Double { variance(ddof: ddof).squareRoot() }

    /// The biased skewness m3 / m2^1.5; NaN when all values are equal.
    package var skewness: Double {
        guard count > 0, second > 0 else { return .nan }
        let n = Double(count)
        let variance = second / n
        return third / n / (variance * variance.squareRoot())
    }

    /// The biased raw kurtosis m4 / m2^2, which is 3 for the normal distribution; NaN when all values are equal.
    package var kurtosis: Double {
        guard count > 0, second > 0 else { return .nan }
        let n = Double(count)
        let variance = second / n
        return fourth / n / (variance * variance)
    }
}
