import Foundation

/// A function to minimise whose least value is known.
package struct TestFunction: Sendable {
    package let name: String
    /// The domain, one range for each dimension.
    package let domain: [ClosedRange<Double>]
    /// Where the least value is taken; one of several places for some functions.
    package let optimum: [Double]
    package let minimum: Double
    package let value: @Sendable ([Double]) -> Double

    package var dimensions: Int { domain.count }

    package init(
        _ name: String, _ domain: [ClosedRange<Double>], optimum: [Double], minimum: Double,
        value: @escaping @Sendable ([Double]) -> Double
    ) {
        (self.name, self.domain, self.optimum, self.minimum, self.value) = (name, domain, optimum, minimum, value)
    }

    /// The function moved by a quarter of the domain times cos(1), cos(2), ...: an optimum in the middle flatters a sampler.
    package var shifted: TestFunction { moved("shifted", by: { $0 }) }

    /// The function moved as `shifted` and turned around its optimum, so that no parameter can be chosen on its own.
    package var rotated: TestFunction {
        let reflections = (0..<dimensions).map { k in
            let v = (0..<dimensions).map { sin(Double((k + 1) * ($0 + 1) + 1)) }
            let length = v.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return v.map { $0 / length }
        }
        return moved("rotated") { difference in
            reflections.reduce(difference) { x, v in
                let projection = zip(x, v).reduce(0) { $0 + $1.0 * $1.1 }
                return zip(x, v).map { $0 - 2 * projection * $1 }
            }
        }
    }

    private func moved(_ prefix: String, by turn: @escaping @Sendable ([Double]) -> [Double]) -> TestFunction {
        let place = domain.enumerated().map { index, range in
            optimum[index] + 0.25 * (range.upperBound - range.lowerBound) * cos(Double(index + 1))
        }
        let (original, home) = (value, optimum)
        return TestFunction("\(prefix)-\(name)", domain, optimum: place, minimum: minimum) { x in
            original(zip(turn(zip(x, place).map { $0 - $1 }), home).map { $0 + $1 })
        }
    }
}
