import Diagnostics
import Statistics

/// How one feature was distributed in the training rows.
package struct FeatureProfile: Sendable, Hashable, Codable {
    /// The feature's name.
    package let name: String
    package let mean: Double
    /// The standard deviation, dividing by the number of rows.
    package let standardDeviation: Double
    /// The quantiles at `quantileLevels`, ascending.
    package let quantiles: [Double]
    /// The nine deciles, ascending: bin i holds the values above edge i-1 and up to edge i.
    package let edges: [Double]
    /// The share of training values in each of the ten bins: a tenth each, unless values repeat.
    package let shares: [Double]

    /// Where `quantiles` are taken: minimum, 1 %, 5 %, quartiles, 95 %, 99 %, maximum.
    package static let quantileLevels = [0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1]
    /// Bins of a profile.
    package static let bins = 10

    /// The profile of at least one value; all of them finite.
    init(name: String, values: [Double]) {
        let sorted = values.sorted()
        let moments = Moments(values)
        self.name = name
        mean = moments.mean
        standardDeviation = moments.standardDeviation(ddof: 0)
        quantiles = Self.quantileLevels.map { Quantile.type7(sorted: sorted, $0) }
        let edges = (1..<Self.bins).map { Quantile.type7(sorted: sorted, Double($0) / Double(Self.bins)) }
        self.edges = edges
        var counts = [Double](repeating: 0, count: Self.bins)
        for value in values { counts[Self.bin(of: value, edges)] += 1 }
        shares = counts.map { $0 / Double(values.count) }
    }

    /// The bin of a value, from 0.
    @inline(__always)
    static func bin(of value: Double, _ edges: [Double]) -> Int {
        var bin = 0
        for edge in edges where value > edge { bin += 1 }
        return bin
    }

    /// Throws `E_MODEL_SCHEMA` when the profile could not have been made from values.
    func validate() throws(LearningError) {
        let numbers = [mean, standardDeviation] + quantiles + edges + shares
        guard quantiles.count == Self.quantileLevels.count, edges.count == Self.bins - 1, shares.count == Self.bins,
            numbers.allSatisfy(\.isFinite), standardDeviation >= 0, shares.allSatisfy({ $0 >= 0 }),
            abs(shares.reduce(0, +) - 1) < 1e-9, Self.ascends(quantiles), Self.ascends(edges)
        else {
            throw LearningError(
                .modelSchema, "the training profile of \(name.prefix(40)) is not one of a sample", place: .key("/profile"))
        }
    }

    private static func ascends(_ values: [Double]) -> Bool { zip(values, values.dropFirst()).allSatisfy { $0 <= $1 } }
}
