import Foundation

/// The constants of the covariance matrix adaptation evolution strategy for a dimension and a population.
///
/// Hansen, "The CMA evolution strategy: a tutorial", 2016, table 1; equation numbers are his.
package struct EvolutionRates: Sendable, Hashable {
    /// Solutions a generation, and how many of the best move the mean.
    package let population: Int
    package let parents: Int
    /// One for each rank, best first; the positive ones add up to 1.
    package let weights: [Double]
    package let effectiveParents: Double
    package let rankOne: Double
    package let rankMany: Double
    package let sigmaDecay: Double
    package let sigmaDamping: Double
    package let pathDecay: Double
    /// The expected length of a standard normal vector.
    package let expectedLength: Double
    /// How many generations' losses tell whether there is progress.
    package let memory: Int

    package init(dimensions: Int, population given: Int? = nil) {
        let n = Double(dimensions)
        population = max(4, given ?? 4 + Int(3 * log(n)))
        parents = population / 2
        let (size, parents) = (Double(population), parents)
        let raw = (0..<population).map { log((size + 1) / 2) - log(Double($0) + 1) }
        func effective(_ part: ArraySlice<Double>) -> Double {
            let sum = part.reduce(0, +)
            return sum * sum / part.reduce(0) { $0 + $1 * $1 }
        }
        let positive = effective(raw[..<parents])
        let negative = effective(raw[parents...])
        let one = 2 / ((n + 1.3) * (n + 1.3) + positive)
        let many = min(1 - one - 1e-8, 2 * (positive - 2 + 1 / positive) / ((n + 2) * (n + 2) + positive))
        // (50) to (53).
        let least = min(1 + one / many, 1 + 2 * negative / (positive + 2), (1 - one - many) / (n * many))
        let gain = raw.filter { $0 > 0 }.reduce(0, +)
        let loss = raw.filter { $0 < 0 }.reduce(0) { $0 - $1 }
        weights = raw.map { $0 >= 0 ? $0 / gain : least * $0 / loss }
        effectiveParents = positive
        (rankOne, rankMany) = (one, many)
        sigmaDecay = (positive + 2) / (n + positive + 5)
        sigmaDamping = 1 + 2 * max(0, ((positive - 1) / (n + 1)).squareRoot() - 1) + sigmaDecay
        pathDecay = (4 + positive / n) / (n + 4 + 2 * positive / n)
        expectedLength = n.squareRoot() * (1 - 1 / (4 * n) + 1 / (21 * n * n))
        memory = 10 + Int((30 * n / size).rounded(.up))
    }
}
