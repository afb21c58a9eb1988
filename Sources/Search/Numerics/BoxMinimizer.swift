/// Minimises a smooth function within bounds by a projected limited-memory BFGS method.
///
/// Each step follows the quasi-Newton direction of the coordinates that are not held at a bound, projected to the box, halved
/// until the function falls enough (Armijo). Nocedal and Wright, "Numerical Optimization", 7.2; Bertsekas, 1982.
package struct BoxMinimizer: Sendable {
    package let lower: [Double]
    package let upper: [Double]
    /// Steps at most.
    package let iterations: Int
    /// A step that gains less than this is the last.
    package let tolerance: Double

    package init(lower: [Double], upper: [Double], iterations: Int, tolerance: Double = 1e-6) {
        (self.lower, self.upper, self.iterations, self.tolerance) = (lower, upper, iterations, tolerance)
    }

    /// The best point found from `start`, and the function there. `function` gives value and gradient; a value that is not
    /// finite marks a point to stay away from.
    package func minimize(
        from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> (point: [Double], value: Double) {
        var x = projected(start)
        var (value, gradient) = function(x)
        var pairs: [(s: [Double], y: [Double], curvature: Double)] = []
        guard value.isFinite else { return (x, value) }
        for _ in 0..<iterations {
            let isFree = x.indices.map { i in
                upper[i] > lower[i] && !(x[i] <= lower[i] && gradient[i] > 0) && !(x[i] >= upper[i] && gradient[i] < 0)
            }
            var direction = descent(gradient, pairs, isFree)
            var slope = Self.dot(direction, gradient)
            if !(slope < 0) {
                pairs = []
                direction = gradient.indices.map { isFree[$0] ? -gradient[$0] : 0 }
                slope = Self.dot(direction, gradient)
                if !(slope < 0) { break }
            }
            var step = 1.0
            if pairs.isEmpty {
                // Nothing is known of the scale yet: a first step of a tenth of the box at most.
                let longest =
                    direction.indices.filter { isFree[$0] }.map { abs(direction[$0]) / (upper[$0] - lower[$0]) }.max() ?? 1
                step = min(1, 0.1 / max(longest, 1e-300))
            }
            guard let next = search(x, value, gradient, direction, step, function) else { break }
            let s = zip(next.point, x).map { $0 - $1 }
            let y = zip(next.gradient, gradient).map { $0 - $1 }
            let curvature = Self.dot(s, y)
            if curvature > 1e-12 * Self.dot(y, y).squareRoot() * Self.dot(s, s).squareRoot() {
                pairs = pairs.suffix(9) + [(s, y, curvature)]
            }
            let gain = value - next.value
            (x, value, gradient) = next
            if gain < tolerance * max(1, abs(value)) { break }
        }
        return (x, value)
    }

    private func search(
        _ x: [Double], _ value: Double, _ gradient: [Double], _ direction: [Double], _ first: Double,
        _ function: ([Double]) -> (value: Double, gradient: [Double])
    ) -> (point: [Double], value: Double, gradient: [Double])? {
        var step = first
        for _ in 0..<20 {
            let point = projected(x.indices.map { x[$0] + step * direction[$0] })
            let promised = x.indices.reduce(0) { $0 + gradient[$1] * (point[$1] - x[$1]) }
            let result = function(point)
            if result.value.isFinite, result.value <= value + 1e-4 * promised, result.value < value {
                return (point, result.value, result.gradient)
            }
            step *= 0.4
        }
        return nil
    }

    /// The two-loop recursion on the free coordinates.
    private func descent(
        _ gradient: [Double], _ pairs: [(s: [Double], y: [Double], curvature: Double)], _ isFree: [Bool]
    ) -> [Double] {
        var q = gradient.indices.map { isFree[$0] ? gradient[$0] : 0 }
        var factors: [Double] = []
        for pair in pairs.reversed() {
            let factor = Self.dot(pair.s, q) / pair.curvature
            factors.append(factor)
            for i in q.indices { q[i] -= factor * pair.y[i] }
        }
        if let last = pairs.last {
            let scale = last.curvature / Self.dot(last.y, last.y)
            for i in q.indices { q[i] *= scale }
        }
        for (pair, factor) in zip(pairs, factors.reversed()) {
            let other = Self.dot(pair.y, q) / pair.curvature
            for i in q.indices { q[i] += (factor - other) * pair.s[i] }
        }
        return q.indices.map { isFree[$0] ? -q[$0] : 0 }
    }

    private func projected(_ point: [Double]) -> [Double] {
        point.indices.map { min(upper[$0], max(lower[$0], point[$0])) }
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for i in a.indices { sum += a[i] * b[i] }
        return sum
    }
}
