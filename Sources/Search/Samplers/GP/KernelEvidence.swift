import Foundation

/// How well a kernel's hyperparameters explain values: the logarithm of the evidence and of the prior, with the gradient.
///
/// Hyperparameters are logarithms: of the weights, then of the scales, then of the noise above its least value. The priors of the
/// joint form are Optuna's; those of the additive form allow for the short length scales that a sum of one-dimensional functions
/// can support.
package struct KernelEvidence: Sendable {
    package static let leastNoise = 1e-6

    package let form: CovarianceKernel.Form
    package let shape: CovarianceKernel.Shape
    private let isChoice: [Bool]
    private let values: [Double]
    /// For each pair of points i > j, by rows, the squared difference in each dimension.
    private let squares: [Double]

    package init(
        form: CovarianceKernel.Form, shape: CovarianceKernel.Shape = .matern, isChoice: [Bool], rows: [Double], values: [Double]
    ) {
        (self.form, self.shape, self.isChoice, self.values) = (form, shape, isChoice, values)
        let d = isChoice.count
        let probe = CovarianceKernel(form: form, isChoice: isChoice, weights: [], scales: [])
        var squares: [Double] = []
        squares.reserveCapacity(values.count * values.count / 2 * d)
        for i in values.indices {
            for j in 0..<i { for k in 0..<d { squares.append(probe.square(rows[i * d + k], rows[j * d + k], k)) } }
        }
        self.squares = squares
    }

    private var dimensions: Int { isChoice.count }
    private var scaleCount: Int { form == .joint ? 1 : dimensions }
    package var parameterCount: Int { dimensions + scaleCount + 1 }

    /// Where the search for the best hyperparameters begins.
    package var starts: [[Double]] {
        let noise = log(1e-3)
        switch form {
        case .joint: return [[Double](repeating: log(3), count: dimensions) + [0, noise]]
        case .additive:
            let scales = [Double](repeating: -log(Double(dimensions)), count: dimensions)
            return [5.0, 150].map { [Double](repeating: log($0), count: dimensions) + scales + [noise] }
        }
    }

    /// The limits of the hyperparameters.
    package var bounds: (lower: [Double], upper: [Double]) {
        (
            [Double](repeating: log(1e-4), count: dimensions) + [Double](repeating: log(1e-4), count: scaleCount) + [log(1e-9)],
            [Double](repeating: log(1e4), count: dimensions) + [Double](repeating: log(1e3), count: scaleCount) + [log(1)]
        )
    }

    package func kernel(_ parameters: [Double]) -> (kernel: CovarianceKernel, noise: Double) {
        let numbers = parameters.map { exp($0) }
        let kernel = CovarianceKernel(
            form: form, shape: shape, isChoice: isChoice, weights: Array(numbers[..<dimensions]),
            scales: Array(numbers[dimensions..<(dimensions + scaleCount)]))
        return (kernel, numbers[numbers.count - 1] + Self.leastNoise)
    }

    /// The negative logarithm of evidence and prior, without constants, and its gradient; infinite where the covariance matrix
    /// is not positive definite to working precision.
    package func loss(_ parameters: [Double]) -> (value: Double, gradient: [Double]) {
        let (d, n) = (dimensions, values.count)
        let (kernel, noise) = kernel(parameters)
        let pairs = n * (n - 1) / 2
        // For each pair the value and the slope of each function in the covariance.
        let width = scaleCount
        var parts = [Double](repeating: 0, count: pairs * width)
        var slopes = parts
        var matrix = [Double](repeating: 0, count: n * (n + 1) / 2)
        squares.withUnsafeBufferPointer { squares in
            parts.withUnsafeMutableBufferPointer { parts in
                slopes.withUnsafeMutableBufferPointer { slopes in
                    var (pair, slot) = (0, 0)
                    for i in 0..<n {
                        for _ in 0..<i {
                            var covariance = 0.0
                            if form == .joint {
                                var q = 0.0
                                for k in 0..<d { q += kernel.weights[k] * squares[pair * d + k] }
                                (parts[pair], slopes[pair]) = shape(q)
                                covariance = kernel.scales[0] * parts[pair]
                            } else {
                                for k in 0..<d {
                                    let (value, slope) = shape(kernel.weights[k] * squares[pair * d + k])
                                    (parts[pair * d + k], slopes[pair * d + k]) = (value, slope)
                                    covariance += kernel.scales[k] * value
                                }
                            }
                            matrix[slot] = covariance
                            slot += 1
                            pair += 1
                        }
                        matrix[slot] = kernel.variance + noise
                        slot += 1
                    }
                }
            }
        }
        guard let factor = CholeskyFactor(rows: matrix, order: n) else {
            return (.infinity, [Double](repeating: 0, count: parameters.count))
        }
        let whitened = factor.solveLower(values)
        let alpha = factor.solveUpper(whitened)
        let inverse = factor.inverse()
        var gradient = [Double](repeating: 0, count: parameters.count)
        var (pair, slot, trace) = (0, 0, 0.0)
        for i in 0..<n {
            for j in 0..<i {
                // The derivative of the evidence by this entry of the matrix, counted for both halves.
                let pull = alpha[i] * alpha[j] - inverse[slot]
                for k in 0..<d {
                    let index = width == 1 ? pair : pair * d + k
                    let scale = kernel.scales[width == 1 ? 0 : k]
                    gradient[k] -= pull * scale * slopes[index] * kernel.weights[k] * squares[pair * d + k]
                    if width > 1 { gradient[d + k] -= pull * scale * parts[index] }
                }
                if width == 1 { gradient[d] -= pull * kernel.scales[0] * parts[pair] }
                slot += 1
                pair += 1
            }
            trace += alpha[i] * alpha[i] - inverse[slot]
            slot += 1
        }
        for k in 0..<width { gradient[d + k] -= 0.5 * trace * kernel.scales[k] }
        gradient[gradient.count - 1] -= 0.5 * trace * (noise - Self.leastNoise)
        let evidence = -factor.halfLogDeterminant - 0.5 * whitened.reduce(0) { $0 + $1 * $1 }
        return (-evidence - addPrior(kernel, noise, to: &gradient), gradient)
    }

    /// The logarithm of the prior; takes its derivatives off the gradient of the loss.
    private func addPrior(_ kernel: CovarianceKernel, _ noise: Double, to gradient: inout [Double]) -> Double {
        var prior = 0.0
        for (k, weight) in kernel.weights.enumerated() {
            switch form {
            case .joint:
                prior -= 0.1 / weight + 0.1 * weight
                gradient[k] += 0.1 * weight - 0.1 / weight
            case .additive:
                // Log-normal around 10, a length scale of a third of the range, within a factor of 8 in weight.
                let distance = (log(weight) - log(10)) / 2
                prior -= 0.5 * distance * distance
                gradient[k] += 0.5 * distance
            }
        }
        // Gamma distributions: of the scales with mean 2 in all and shape 2 (1 + 1/d when there are d of them), of the noise with
        // shape 1.1 and rate 30.
        let share = Double(scaleCount)
        for (k, scale) in kernel.scales.enumerated() {
            prior += 1 / share * log(scale) - scale
            gradient[dimensions + k] -= 1 / share - scale
        }
        prior += 0.1 * log(noise) - 30 * noise
        gradient[gradient.count - 1] -= (0.1 / noise - 30) * (noise - Self.leastNoise)
        return prior
    }

    /// The hyperparameters with the least loss found, and that loss.
    package func fit(iterations: Int = 40) -> (parameters: [Double], loss: Double) {
        let bounds = bounds
        let minimizer = BoxMinimizer(lower: bounds.lower, upper: bounds.upper, iterations: iterations, tolerance: 1e-4)
        var best: (parameters: [Double], loss: Double) = (starts[0], .infinity)
        for start in starts {
            let (point, value) = minimizer.minimize(from: start, loss)
            if value < best.loss { best = (point, value) }
        }
        return best
    }
}
