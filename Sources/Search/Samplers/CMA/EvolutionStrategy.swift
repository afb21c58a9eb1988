import Foundation

/// The covariance matrix adaptation evolution strategy: a normal distribution over points that moves to where losses are low.
///
/// Hansen, "The CMA evolution strategy: a tutorial", 2016 (equation numbers below are his), with negative weights. Solutions
/// that the distribution did not propose are taken in with their length clipped, as in Hansen, "Injecting external solutions
/// into CMA-ES", 2011.
package struct EvolutionStrategy: Sendable {
    /// A point with its loss; `isOwn` when the current distribution proposed it.
    package struct Solution: Sendable {
        package let point: [Double]
        package let loss: Double
        package let isOwn: Bool
        package init(point: [Double], loss: Double, isOwn: Bool = true) {
            (self.point, self.loss, self.isOwn) = (point, loss, isOwn)
        }
    }

    package let rates: EvolutionRates
    package private(set) var generation = 0
    package var mean: [Double]
    package private(set) var sigma: Double
    package private(set) var covariance: SymmetricMatrix
    private var sigmaPath: [Double]
    private var covariancePath: [Double]
    /// Eigenvectors of the covariance as columns, and the roots of its eigenvalues.
    private var axes: [Double]
    private var lengths: [Double]
    /// The best and the worst loss of the last generations, newest last.
    private var losses: [ClosedRange<Double>] = []

    package init(mean: [Double], sigma: Double, population: Int? = nil) {
        let n = mean.count
        rates = EvolutionRates(dimensions: n, population: population)
        self.mean = mean
        self.sigma = sigma
        covariance = SymmetricMatrix(identity: n)
        sigmaPath = [Double](repeating: 0, count: n)
        covariancePath = sigmaPath
        (lengths, axes) = (sigmaPath.map { _ in 1 }, covariance.entries)
    }

    package var dimensions: Int { mean.count }

    /// The point that the standard normal draw `z` leads to.
    package func point(_ z: [Double]) -> [Double] {
        let n = dimensions
        return (0..<n).map { i in
            var sum = 0.0
            for k in 0..<n { sum += axes[i * n + k] * lengths[k] * z[k] }
            return mean[i] + sigma * sum
        }
    }

    /// Moves on by one generation; there are `rates.population` solutions.
    package mutating func update(_ solutions: [Solution]) {
        let n = dimensions
        let sorted = solutions.enumerated().sorted { ($0.element.loss, $0.offset) < ($1.element.loss, $1.offset) }.map(\.element)
        generation += 1
        if let best = sorted.first, let worst = sorted.last {
            losses = losses.suffix(rates.memory - 1) + [best.loss...worst.loss]
        }
        let steps = sorted.map { step(to: $0) }
        var mover = [Double](repeating: 0, count: n)
        for (weight, step) in zip(rates.weights.prefix(rates.parents), steps) {
            for i in 0..<n { mover[i] += weight * step[i] }
        }
        for i in 0..<n { mean[i] += sigma * mover[i] }
        // (43) and (44).
        let whitened = whiten(mover)
        let gain = (rates.sigmaDecay * (2 - rates.sigmaDecay) * rates.effectiveParents).squareRoot()
        for i in 0..<n { sigmaPath[i] = (1 - rates.sigmaDecay) * sigmaPath[i] + gain * whitened[i] }
        let pathLength = sigmaPath.reduce(0) { $0 + $1 * $1 }.squareRoot()
        sigma = min(1e32, sigma * exp(rates.sigmaDecay / rates.sigmaDamping * (pathLength / rates.expectedLength - 1)))
        // (45): the path stalls while the step size is far too small.
        let correction = (1 - pow(1 - rates.sigmaDecay, 2 * Double(generation + 1))).squareRoot()
        let isSteady = pathLength / correction < (1.4 + 2 / (Double(n) + 1)) * rates.expectedLength
        let pathGain = isSteady ? (rates.pathDecay * (2 - rates.pathDecay) * rates.effectiveParents).squareRoot() : 0
        for i in 0..<n { covariancePath[i] = (1 - rates.pathDecay) * covariancePath[i] + pathGain * mover[i] }
        adapt(steps, isSteady: isSteady)
    }

    /// The step from the mean to a solution in units of sigma; one from elsewhere is no longer than the longest likely own one.
    private func step(to solution: Solution) -> [Double] {
        let step = zip(solution.point, mean).map { ($0 - $1) / sigma }
        guard !solution.isOwn else { return step }
        let length = whiten(step).reduce(0) { $0 + $1 * $1 }.squareRoot()
        let n = Double(dimensions)
        let limit = n.squareRoot() + 2 * n / (n + 2)
        return length > limit ? step.map { $0 * limit / length } : step
    }

    /// (46) and (47).
    private mutating func adapt(_ steps: [[Double]], isSteady: Bool) {
        let n = dimensions
        let stall = isSteady ? 0 : rates.pathDecay * (2 - rates.pathDecay)
        let keep = 1 + rates.rankOne * stall - rates.rankOne - rates.rankMany * rates.weights.reduce(0, +)
        let scaled = zip(rates.weights, steps).map { weight, step in
            weight >= 0 ? weight : weight * Double(n) / (whiten(step).reduce(0) { $0 + $1 * $1 } + 1e-8)
        }
        for i in 0..<n {
            for j in 0...i {
                var sum = 0.0
                for (weight, step) in zip(scaled, steps) { sum += weight * step[i] * step[j] }
                let value =
                    keep * covariance[i, j] + rates.rankOne * covariancePath[i] * covariancePath[j] + rates.rankMany * sum
                covariance[i, j] = value
                covariance[j, i] = value
            }
        }
        let (values, vectors) = covariance.eigen()
        axes = vectors
        lengths = values.map { ($0 < 0 ? 1e-8 : $0).squareRoot() }
        guard values.contains(where: { $0 < 0 }) else { return }
        for i in 0..<n {
            for j in 0..<n {
                covariance[i, j] = (0..<n).reduce(0) { $0 + axes[i * n + $1] * lengths[$1] * lengths[$1] * axes[j * n + $1] }
            }
        }
    }

    /// `vector` times the inverse root of the covariance.
    private func whiten(_ vector: [Double]) -> [Double] {
        let n = dimensions
        let turned = (0..<n).map { k in (0..<n).reduce(0.0) { $0 + axes[$1 * n + k] * vector[$1] } / lengths[k] }
        return (0..<n).map { i in (0..<n).reduce(0.0) { $0 + axes[i * n + $1] * turned[$1] } }
    }

    /// Whether nothing is to be gained any more: losses all alike, steps too small to matter, or a distribution gone flat.
    package var isSpent: Bool {
        if losses.count >= rates.memory, let low = losses.map(\.lowerBound).min(), let high = losses.map(\.upperBound).max(),
            high - low < 1e-12
        {
            return true
        }
        let (longest, shortest) = (lengths.max() ?? 1, lengths.min() ?? 1)
        if sigma * longest < 1e-12 || sigma * longest > 1e4 { return true }
        return longest * longest > 1e14 * shortest * shortest
    }
}
