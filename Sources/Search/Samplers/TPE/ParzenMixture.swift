import Foundation
package import Statistics

/// The density that multivariate TPE builds from a set of points: a mixture of products of one kernel per parameter, one
/// component around each point and a broad one, the prior, over the whole space.
///
/// The rules are those of Optuna 5 (`_tpe/parzen_estimator.py`): weights fall with age beyond the newest 25 points; the
/// bandwidth of a point on an axis is the larger distance to its neighbours, clipped; kernels are normal, truncated to the
/// axis; a discrete value has the mass of its cell; a choice has a kernel that leans towards the observed one.
package struct ParzenMixture: Sendable {
    private let axes: [Axis]
    /// Points, and the prior as the last component.
    package let componentCount: Int
    /// Normalised, oldest point first, the prior last.
    package let weights: [Double]
    /// `centers[axis * componentCount + component]` and the bandwidths alike; unused on categorical axes, which have the
    /// choice's index as center.
    package let centers: [Double]
    package let bandwidths: [Double]
    /// Running totals of the weights.
    private let cumulative: [Double]
    /// ln weight plus the logarithms of all normalising constants of the component.
    private let base: [Double]
    /// Components by rising center, for each axis.
    private let order: [[Int32]]

    /// A mixture around the points whose coordinates are `columns` (one column per axis, oldest point first).
    /// `orders` lists, for each axis, the points by rising coordinate, of equals the older first. `weights` has a weight for
    /// each point beside the prior's 1; without them the points are weighted by age.
    package init(axes: [Axis], columns: [[Double]], orders: [[Int32]], weights: [Double]? = nil) {
        let points = columns.first?.count ?? 0
        let n = points + 1
        self.axes = axes
        componentCount = n
        let given = (weights ?? Self.ageWeights(points: points)) + [1]
        let sum = given.reduce(0, +)
        let weights = given.map { $0 / sum }
        self.weights = weights
        var total = 0.0
        cumulative = weights.map { weight in
            total += weight
            return total
        }
        var centers = [Double](repeating: 0, count: axes.count * n)
        var bandwidths = centers
        var base = weights.map { log($0) }
        var order: [[Int32]] = []
        for (index, axis) in axes.enumerated() {
            let (column, offset) = (columns[index], index * n)
            for point in 0..<points { centers[offset + point] = column[point] }
            order.append(orders[index])
            switch axis.kind {
            case .fixed, .categorical: continue
            case .continuous, .discrete: break
            }
            centers[offset + points] = 0.5 * (axis.low + axis.high)
            Self.setBandwidths(&bandwidths, offset: offset, column: column, order: orders[index], axis: axis)
            let isContinuous = if case .continuous = axis.kind { true } else { false }
            var last = (bandwidth: Double.nan, log: Double.nan)
            for component in 0..<n {
                let (center, bandwidth) = (centers[offset + component], bandwidths[offset + component])
                // Beyond 8.3 bandwidths from both ends the mass is 1 to the last bit.
                let margin = 8.3 * bandwidth
                if center - axis.low < margin || axis.high - center < margin {
                    // Centers lie on the axis and bandwidths are at most its length, so this mass is never below 0.34 and the
                    // plain difference keeps all digits.
                    let inverse = Self.rootHalf / bandwidth
                    base[component] -= log(
                        0.5 * (erf((axis.high - center) * inverse) - erf((axis.low - center) * inverse)))
                }
                guard isContinuous else { continue }
                // Most bandwidths are the narrowest one.
                if bandwidth != last.bandwidth { last = (bandwidth, log(bandwidth) + GaussianInterval.logRootTwoPi) }
                base[component] -= last.log
            }
        }
        self.centers = centers
        self.bandwidths = bandwidths
        self.base = base
        self.order = order
    }

    private static let rootHalf = 0.70710678118654752440

    /// Weights by age: 1 for the newest 25 points, rising linearly from 1/n for older ones.
    package static func ageWeights(points n: Int) -> [Double] {
        var weights = [Double](repeating: 1, count: n)
        let old = n - 25
        if old > 0 {
            let first = 1 / Double(n)
            for i in 0..<old { weights[i] = old == 1 ? first : first + (1 - first) * Double(i) / Double(old - 1) }
        }
        return weights
    }

    /// The larger of the distances to the two neighbours, the ends of the axis counting as neighbours only of a lone point,
    /// clipped to between a hundredth (more while points are few) and the whole of the axis.
    private static func setBandwidths(_ bandwidths: inout [Double], offset: Int, column: [Double], order: [Int32], axis: Axis) {
        let points = column.count
        let narrowest = axis.range / min(100, Double(points + 2))
        for position in 0..<points {
            let center = column[Int(order[position])]
            let below = position > 0 ? center - column[Int(order[position - 1])] : (points == 1 ? center - axis.low : 0)
            let above = position + 1 < points ? column[Int(order[position + 1])] - center : (points == 1 ? axis.high - center : 0)
            bandwidths[offset + Int(order[position])] = min(axis.range, max(narrowest, max(below, above)))
        }
        bandwidths[offset + points] = axis.range
    }

    /// A point drawn from the mixture, as coordinates of values that the parameters can take.
    ///
    /// Takes one `next()` for the component and one for each parameter.
    package func draw(using generator: inout SplitMix64) -> [Double] {
        let u = generator.uniform()
        var component = 0
        while component < componentCount - 1, cumulative[component] <= u { component += 1 }
        var point: [Double] = []
        point.reserveCapacity(axes.count)
        for (index, axis) in axes.enumerated() {
            let u = generator.uniform()
            let slot = index * componentCount + component
            switch axis.kind {
            case .fixed: point.append(0)
            case .categorical(let count):
                point.append(Double(choice(u, component: component, center: centers[slot], count: count)))
            case .continuous, .discrete:
                let (center, bandwidth) = (centers[slot], bandwidths[slot])
                let z = GaussianInterval.quantile(u, (axis.low - center) / bandwidth, (axis.high - center) / bandwidth)
                // Through the value and back: the density is that of the value a trial will really get.
                point.append(axis.coordinate(of: axis.value(at: center + z * bandwidth)))
            }
        }
        return point
    }

    private func choice(_ u: Double, component: Int, center: Double, count: Int) -> Int {
        let (hit, miss) = choiceProbabilities(count: count)
        if component == componentCount - 1 { return min(count - 1, Int(u * Double(count))) }
        let observed = Int(center)
        // Choices below the observed one, itself, those above.
        let start = miss * Double(observed)
        if u < start { return min(observed, Int(u / miss)) }
        if u < start + hit { return observed }
        return min(count - 1, observed + 1 + Int((u - start - hit) / miss))
    }

    /// A point's kernel over `count` choices: the probability of the observed one and of each other.
    private func choiceProbabilities(count: Int) -> (hit: Double, miss: Double) {
        let share = 1 / Double(componentCount)
        let sum = 1 + share * Double(count)
        return ((1 + share) / sum, share / sum)
    }

    /// ln of the density at each of `points` (coordinates, as `draw` gives them).
    package func logDensities(_ points: [[Double]]) -> [Double] {
        let n = componentCount
        var terms = [Double](repeating: 0, count: points.count * n)
        terms.withUnsafeMutableBufferPointer { terms in
            for point in points.indices {
                for component in 0..<n { terms[point * n + component] = base[component] }
            }
            for axis in axes.indices { add(axis, points, to: terms) }
        }
        return points.indices.map { Self.logSumExp(terms[($0 * n)..<(($0 + 1) * n)]) }
    }

    /// Adds the logarithm of one axis's kernels to the terms of all points.
    private func add(_ index: Int, _ points: [[Double]], to terms: UnsafeMutableBufferPointer<Double>) {
        let (n, axis, offset) = (componentCount, axes[index], index * componentCount)
        switch axis.kind {
        case .fixed: return
        case .categorical(let count):
            let (hit, miss) = choiceProbabilities(count: count)
            let (logHit, logMiss, logPrior) = (log(hit), log(miss), -log(Double(count)))
            for point in points.indices {
                for component in 0..<(n - 1) {
                    terms[point * n + component] += centers[offset + component] == points[point][index] ? logHit : logMiss
                }
                terms[point * n + n - 1] += logPrior
            }
        case .continuous:
            // Scaled so that the square of a distance is the term itself: no division in the inner loop.
            let scales = bandwidths[offset..<(offset + n)].map { Self.rootHalf / $0 }
            centers.withUnsafeBufferPointer { centers in
                scales.withUnsafeBufferPointer { scales in
                    for point in points.indices {
                        let (x, row) = (points[point][index], point * n)
                        for component in 0..<n {
                            let z = (x - centers[offset + component]) * scales[component]
                            terms[row + component] -= z * z
                        }
                    }
                }
            }
        case .discrete:
            // Many candidates share a value: its masses are worked out once.
            let logBandwidths = bandwidths[offset..<(offset + n)].map { log($0) }
            var masses = [Double](repeating: 0, count: n)
            var done: Set<Double> = []
            for point in points.indices where done.insert(points[point][index]).inserted {
                let x = points[point][index]
                setLogMasses(&masses, axis: axis, axisIndex: index, x: x, logBandwidths: logBandwidths)
                for other in points.indices where points[other][index] == x {
                    for component in 0..<n { terms[other * n + component] += masses[component] }
                }
            }
        }
    }

    /// ln of the mass that each component has in the cell of the value at `x`.
    private func setLogMasses(_ masses: inout [Double], axis: Axis, axisIndex: Int, x: Double, logBandwidths: [Double]) {
        let cell = axis.cell(at: x)
        let (middle, width) = ((cell.low + cell.high) / 2, cell.high - cell.low)
        let logWidth = log(width)
        let offset = axisIndex * componentCount
        var last = (center: Double.nan, bandwidth: Double.nan, mass: 0.0)
        for component in order[axisIndex] + [Int32(componentCount - 1)] {
            let (center, bandwidth) = (centers[offset + Int(component)], bandwidths[offset + Int(component)])
            // Neighbours in this order often are the same kernel, since discrete values repeat.
            if center != last.center || bandwidth != last.bandwidth {
                let mass = GaussianInterval.logMass(
                    center: (middle - center) / bandwidth, width: width / bandwidth,
                    logWidth: logWidth - logBandwidths[Int(component)])
                last = (center, bandwidth, mass)
            }
            masses[Int(component)] = last.mass
        }
    }

    /// ln Σ exp(terms).
    private static func logSumExp(_ terms: ArraySlice<Double>) -> Double {
        terms.withUnsafeBufferPointer { terms in
            var largest = -Double.infinity
            for term in terms where term > largest { largest = term }
            guard largest > -.infinity else { return largest }
            var sum = 0.0
            // What lies 45 below the largest changes no digit of the sum, and skipping it saves most exponentials.
            for term in terms where term > largest - 45 { sum += exp(term - largest) }
            return largest + log(sum)
        }
    }
}
