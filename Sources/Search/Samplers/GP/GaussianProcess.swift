import Foundation

/// A Gaussian process with mean 0 given noisy values at points of the unit cube.
package struct GaussianProcess: Sendable {
    package let kernel: CovarianceKernel
    /// The variance of the noise on the values.
    package let noise: Double
    /// The coordinates of the points, one after the other.
    package private(set) var rows: [Double]
    private var factor: CholeskyFactor
    /// The values whitened by the factor, one vector for each scenario; one scenario unless values are imagined.
    private var whitened: [[Double]]
    /// The inverse covariance times the values, for each scenario.
    package private(set) var coefficients: [[Double]]

    /// nil when the covariance matrix is not positive definite to working precision.
    package init?(kernel: CovarianceKernel, noise: Double, rows: [Double], values: [Double]) {
        (self.kernel, self.noise, self.rows) = (kernel, noise, rows)
        guard let factor = CholeskyFactor(rows: Self.covariance(kernel, noise, rows), order: values.count) else { return nil }
        self.factor = factor
        whitened = [factor.solveLower(values)]
        coefficients = [factor.solveUpper(whitened[0])]
    }

    package var count: Int { factor.order }

    /// The lower half of the covariance matrix of the values, by rows.
    static func covariance(_ kernel: CovarianceKernel, _ noise: Double, _ rows: [Double]) -> [Double] {
        let d = max(1, kernel.dimensions)
        let n = rows.count / d
        var matrix: [Double] = []
        matrix.reserveCapacity(n * (n + 1) / 2)
        for i in 0..<n {
            matrix += kernel.covariances(Array(rows[(i * d)..<((i + 1) * d)]), Array(rows[..<(i * d)]))
            matrix.append(kernel.variance + noise)
        }
        return matrix
    }

    /// Takes in one more value; false, changing nothing, when the point adds nothing to working precision.
    package mutating func append(_ point: [Double], value: Double) -> Bool {
        var row = kernel.covariances(point, rows)
        row.append(kernel.variance + noise)
        guard factor.append(row) else { return false }
        rows += point
        let last = factor.order - 1
        for scenario in whitened.indices {
            let known = (0..<last).reduce(0.0) { $0 + factor[last, $1] * whitened[scenario][$1] }
            whitened[scenario].append((value - known) / factor[last, last])
        }
        coefficients = whitened.map(factor.solveUpper)
        return true
    }

    /// Imagines values at `points`, in as many scenarios as `draws` has rows of standard normal draws, one for each point: each
    /// scenario is a sample of what the values there may turn out to be. Returns the least imagined value of each scenario.
    ///
    /// A value drawn from its distribution given all before it is, whitened, a standard normal draw. So scenarios share the factor
    /// and differ in their coefficients only. Points that add nothing are left out.
    package mutating func imagine(_ points: [[Double]], draws: [[Double]]) -> [Double] {
        let base = whitened[0]
        whitened = draws.map { _ in base }
        var least = draws.map { _ in Double.infinity }
        for (index, point) in points.enumerated() {
            var row = kernel.covariances(point, rows)
            row.append(kernel.variance + noise)
            guard factor.append(row) else { continue }
            rows += point
            let last = factor.order - 1
            for scenario in draws.indices {
                let known = (0..<last).reduce(0.0) { $0 + factor[last, $1] * whitened[scenario][$1] }
                let draw = draws[scenario][index]
                whitened[scenario].append(draw)
                least[scenario] = min(least[scenario], known + factor[last, last] * draw)
            }
        }
        coefficients = whitened.map(factor.solveUpper)
        return least
    }

    /// The mean of the function at `point` in each scenario, and its variance, which is the same in all.
    package func posterior(_ point: [Double]) -> (means: [Double], variance: Double) {
        let k = kernel.covariances(point, rows)
        let v = factor.solveLower(k)
        let explained = v.withUnsafeBufferPointer { v in v.baseAddress.map { DenseKernels.dot($0, $0, v.count) } ?? 0 }
        return (means(k), max(0, kernel.variance - explained))
    }

    /// The posterior with what its gradients are made of: the inverse covariance times the covariances with `point`.
    func posteriorWithGain(_ point: [Double]) -> (means: [Double], variance: Double, gain: [Double]) {
        let k = kernel.covariances(point, rows)
        let v = factor.solveLower(k)
        let explained = v.withUnsafeBufferPointer { v in v.baseAddress.map { DenseKernels.dot($0, $0, v.count) } ?? 0 }
        return (means(k), max(0, kernel.variance - explained), factor.solveUpper(v))
    }

    private func means(_ k: [Double]) -> [Double] {
        coefficients.map { coefficients in
            k.withUnsafeBufferPointer { k in
                coefficients.withUnsafeBufferPointer { c in
                    guard let k = k.baseAddress, let c = c.baseAddress else { return 0 }
                    return DenseKernels.dot(k, c, coefficients.count)
                }
            }
        }
    }

    /// The logarithm of the density of the values, without the constant -n/2 ln 2π.
    package var logEvidence: Double {
        -factor.halfLogDeterminant - 0.5 * whitened[0].reduce(0) { $0 + $1 * $1 }
    }

    /// The lower half of the inverse covariance matrix.
    func inverse() -> [Double] { factor.inverse() }
}
