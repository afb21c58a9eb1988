import Foundation
import Statistics

/// The logarithm of the improvement that a point of the unit cube can be expected to bring, averaged over the scenarios of the
/// trials that run, and the search for the point that promises most.
struct Acquisition {
    let process: GaussianProcess
    /// The least value known or imagined, for each scenario.
    let best: [Double]
    let encoding: CubeEncoding
    /// Where the point may lie.
    let region: SearchRegion
    /// A point with what takes no part at rest; nil when it does not satisfy the conditions of the space.
    let allowed: ([Double]) -> [Double]?

    private func feasible(_ point: [Double]) -> [Double]? { region.contains(point) ? allowed(point) : nil }

    func value(_ point: [Double]) -> Double {
        let (means, variance) = process.posterior(point)
        let deviation = max(1e-9, variance.squareRoot())
        return Self.logMean(means.indices.map { LogImprovement.value(mean: means[$0], deviation: deviation, best: best[$0]) })
    }

    /// The negative value and its gradient.
    private func loss(_ point: [Double]) -> (value: Double, gradient: [Double]) {
        let (means, variance, gain) = process.posteriorWithGain(point)
        let deviation = max(1e-9, variance.squareRoot())
        let scores = means.indices.map { (best[$0] - means[$0]) / deviation }
        let standards = scores.map(LogImprovement.standard)
        let mean = Self.logMean(standards)
        var factors = [Double](repeating: 0, count: gain.count)
        var byDeviation = 0.0
        for scenario in means.indices {
            let share = exp(standards[scenario] - mean) / Double(means.count)
            let slope = LogImprovement.slope(scores[scenario], standard: standards[scenario])
            byDeviation += share * (1 - slope * scores[scenario]) / deviation
            let byMean = -share * slope / deviation
            for i in factors.indices { factors[i] += byMean * process.coefficients[scenario][i] }
        }
        for i in factors.indices { factors[i] = byDeviation * gain[i] / deviation - factors[i] }
        var gradient = [Double](repeating: 0, count: point.count)
        process.kernel.addGradient(point, process.rows, factors: factors, to: &gradient)
        return (-mean - log(deviation), gradient)
    }

    private static func logMean(_ values: [Double]) -> Double {
        if values.count == 1 { return values[0] }
        let largest = values.max() ?? 0
        guard largest.isFinite else { return largest }
        return largest + log(values.reduce(0) { $0 + exp($1 - largest) } / Double(values.count))
    }

    /// The most promising point found that is not among the known ones, given the best known points from the best on.
    ///
    /// nil when no candidate satisfies the conditions.
    func maximize(incumbents: [[Double]], seed: UInt64) -> [Double]? {
        var generator = SplitMix64(seed: seed)
        let candidates = candidates(incumbents, &generator).compactMap(feasible)
        let ranked = candidates.map { ($0, value($0)) }.enumerated().sorted {
            ($1.element.1, $0.offset) < ($0.element.1, $1.offset)
        }.map(\.element)
        var starts: [[Double]] = []
        for (point, _) in ranked where starts.count < 4 {
            // Starts that differ, so that they do not all climb the same hill.
            if starts.allSatisfy({ Self.distance($0, point) > 0.05 }) { starts.append(point) }
        }
        var results = starts.map(climb)
        results += ranked.prefix(20)
        let known = Set(
            (0..<process.count).map { Array(process.rows[($0 * encoding.dimensions)..<(($0 + 1) * encoding.dimensions)]) })
        var chosen: (point: [Double], value: Double)?
        for result in results where !known.contains(result.0) && result.1 > chosen?.value ?? -.infinity { chosen = result }
        return chosen?.point ?? ranked.first { !known.contains($0.0) }?.0 ?? candidates.first
    }

    /// Points all over the region, points around the best ones and mixtures of the best ones.
    private func candidates(_ incumbents: [[Double]], _ generator: inout SplitMix64) -> [[Double]] {
        let d = encoding.dimensions
        let sequence = SobolSequence(dimensions: d, seed: generator.next())
        var points = (0..<200).map { encoding.point(shares: region.shares(sequence.point($0))) }
        guard !incumbents.isEmpty else { return points }
        for incumbent in incumbents.prefix(5) {
            for width in [0.2, 0.05, 0.01, 0.002] {
                for _ in 0..<6 { points.append(encoding.neighbor(of: incumbent, width: width, &generator)) }
            }
        }
        for _ in 0..<60 {
            let parents = incumbents.prefix(8)
            points.append((0..<d).map { parents[Int(generator.integer(below: UInt64(parents.count)))][$0] })
        }
        return points
    }

    private func climb(_ start: [Double]) -> ([Double], Double) {
        var (point, best) = (start, value(start))
        for _ in 0..<3 {
            let before = best
            if encoding.hasContinuous {
                let (lower, upper) = encoding.continuousBounds(around: point, in: region)
                let result = BoxMinimizer(lower: lower, upper: upper, iterations: 25, tolerance: 1e-5).minimize(from: point, loss)
                if -result.value > best, let end = feasible(result.point) {
                    (point, best) = (end, end == result.point ? -result.value : value(end))
                }
            }
            for dimension in 0..<encoding.dimensions {
                for candidate in encoding.moves(of: point, in: dimension).compactMap(feasible) {
                    let value = value(candidate)
                    if value > best { (point, best) = (candidate, value) }
                }
            }
            // Without discrete parameters one climb is all there is to do.
            if !encoding.hasDiscrete || best - before < 1e-4 { break }
        }
        return (point, best)
    }

    private static func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}
