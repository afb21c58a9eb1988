import Foundation

/// A covariance between points of the unit cube made of functions of squared distances, and its hyperparameters.
///
/// With q the weighted sum of the squared differences, M(q) is the shape of the covariance. Of a choice, the difference is 0 or
/// 1.
package struct CovarianceKernel: Sendable, Hashable {
    /// How the dimensions go together.
    package enum Form: Sendable, Hashable, CaseIterable {
        /// scale · M(Σ weightⱼ Δⱼ²): any dimensions may interact.
        case joint
        /// Σ scaleⱼ · M(weightⱼ Δⱼ²): each dimension adds its own part.
        case additive
    }

    /// How smooth the functions are.
    package enum Shape: Sendable, Hashable, CaseIterable {
        /// Matérn 5/2, M(q) = (1 + √(5q) + 5q/3) exp(-√(5q)): twice differentiable.
        case matern
        /// M(q) = exp(-q/2): analytic, so a few points tell much about what lies between them.
        case gaussian

        /// M and its derivative by q.
        @inline(__always)
        func callAsFunction(_ q: Double) -> (value: Double, slope: Double) {
            switch self {
            case .matern:
                let root = (5 * q).squareRoot()
                let decay = exp(-root)
                return ((1 + root + 5.0 / 3 * q) * decay, -5.0 / 6 * (1 + root) * decay)
            case .gaussian:
                let value = exp(-0.5 * q)
                return (value, -0.5 * value)
            }
        }
    }

    package let form: Form
    package let shape: Shape
    /// Which dimensions are choices.
    package let isChoice: [Bool]
    /// The inverse squared length scales, one for each dimension.
    package var weights: [Double]
    /// The variances: one, or one for each dimension.
    package var scales: [Double]

    package init(form: Form, shape: Shape = .matern, isChoice: [Bool], weights: [Double], scales: [Double]) {
        (self.form, self.shape, self.isChoice, self.weights, self.scales) = (form, shape, isChoice, weights, scales)
    }

    package var dimensions: Int { isChoice.count }
    /// The covariance of a point with itself.
    package var variance: Double { scales.reduce(0, +) }

    /// The squared difference in dimension `j`.
    @inline(__always)
    func square(_ a: Double, _ b: Double, _ j: Int) -> Double {
        if isChoice[j] { return a == b ? 0 : 1 }
        return (a - b) * (a - b)
    }

    /// The covariance between two points.
    package func callAsFunction(_ a: [Double], _ b: [Double]) -> Double {
        a.withUnsafeBufferPointer { a in b.withUnsafeBufferPointer { b in covariance(a, b) } }
    }

    /// The covariance of `point` with each of the points whose coordinates are `rows`, one after the other.
    package func covariances(_ point: [Double], _ rows: [Double]) -> [Double] {
        let d = dimensions
        return point.withUnsafeBufferPointer { point in
            rows.withUnsafeBufferPointer { rows in
                (0..<(rows.count / max(1, d))).map {
                    covariance(point, UnsafeBufferPointer(rebasing: rows[($0 * d)..<(($0 + 1) * d)]))
                }
            }
        }
    }

    @inline(__always)
    private func covariance(_ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>) -> Double {
        var (q, sum) = (0.0, 0.0)
        for j in a.indices {
            let part = weights[j] * square(a[j], b[j], j)
            switch form {
            case .joint: q += part
            case .additive: sum += scales[j] * shape(part).value
            }
        }
        return form == .joint ? scales[0] * shape(q).value : sum
    }

    /// Adds to `gradient` the derivative by `point` of Σ factorᵢ k(point, rowᵢ). Choices have none.
    func addGradient(_ point: [Double], _ rows: [Double], factors: [Double], to gradient: inout [Double]) {
        let d = dimensions
        for (row, factor) in factors.enumerated() {
            switch form {
            case .joint:
                var q = 0.0
                for j in 0..<d { q += weights[j] * square(point[j], rows[row * d + j], j) }
                let slope = 2 * factor * scales[0] * shape(q).slope
                for j in 0..<d where !isChoice[j] { gradient[j] += slope * weights[j] * (point[j] - rows[row * d + j]) }
            case .additive:
                for j in 0..<d where !isChoice[j] {
                    let difference = point[j] - rows[row * d + j]
                    let slope = shape(weights[j] * difference * difference).slope
                    gradient[j] += 2 * factor * scales[j] * slope * weights[j] * difference
                }
            }
        }
    }
}
