import Foundation

extension TestFunction {
    /// The twelve functions of the search suite, each with the domain in which it is usually searched.
    package static let all: [TestFunction] = [
        branin, camel, hartmann6, rosenbrock(5), ackley(5), levy(5), rastrigin(5), styblinskiTang(5), griewank(5), michalewicz5,
        schwefel(5), sphere(10),
    ]

    /// Variants of the functions that are nowhere below their minimum, also outside the domain: moved, and moved and turned.
    package static let variants: [TestFunction] = [rosenbrock(5), ackley(5), levy(5), rastrigin(5), griewank(5), sphere(10)]
        .flatMap { [$0.shifted, $0.rotated] }

    static let branin = TestFunction(
        "branin2", [-5...10, 0...15], optimum: [.pi, 2.275], minimum: 0.39788735772973816
    ) { x in
        let fit = x[1] - 5.1 * x[0] * x[0] / (4 * .pi * .pi) + 5 * x[0] / .pi - 6
        return fit * fit + 10 * (1 - 1 / (8 * .pi)) * cos(x[0]) + 10
    }

    static let camel = TestFunction(
        "camel2", [-3...3, -2...2], optimum: [0.08984201, -0.71265641], minimum: -1.031628453489877
    ) { x in
        let (a, b) = (x[0] * x[0], x[1] * x[1])
        return (4 - 2.1 * a + a * a / 3) * a + x[0] * x[1] + (4 * b - 4) * b
    }

    static let hartmann6 = TestFunction(
        "hartmann6", Array(repeating: 0...1, count: 6),
        optimum: [0.20168951, 0.15001069, 0.47687397, 0.27533243, 0.31165161, 0.65730053], minimum: -3.3223680114155
    ) { x in
        let height = [1, 1.2, 3, 3.2]
        let steepness: [[Double]] = [
            [10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14],
        ]
        let center: [[Double]] = [
            [1312, 1696, 5569, 124, 8283, 5886], [2329, 4135, 8307, 3736, 1004, 9991], [2348, 1451, 3522, 2883, 3047, 6650],
            [4047, 8828, 8732, 5743, 1091, 381],
        ]
        return (0..<4).reduce(0) { sum, i in
            let distance = (0..<6).reduce(0.0) { total, j in
                let gap = x[j] - 1e-4 * center[i][j]
                return total + steepness[i][j] * gap * gap
            }
            return sum - height[i] * exp(-distance)
        }
    }

    static func rosenbrock(_ d: Int) -> TestFunction {
        TestFunction("rosenbrock\(d)", Array(repeating: -5...10, count: d), optimum: Array(repeating: 1, count: d), minimum: 0) {
            x in
            zip(x, x.dropFirst()).reduce(0) { $0 + 100 * square($1.1 - $1.0 * $1.0) + square(1 - $1.0) }
        }
    }

    static func ackley(_ d: Int) -> TestFunction {
        centered("ackley\(d)", 32.768, d) { x in
            let n = Double(x.count)
            let spread = (x.reduce(0) { $0 + $1 * $1 } / n).squareRoot()
            let wave = x.reduce(0) { $0 + cos(2 * .pi * $1) } / n
            return -20 * exp(-0.2 * spread) - exp(wave) + 20 + M_E
        }
    }

    static func levy(_ d: Int) -> TestFunction {
        TestFunction("levy\(d)", Array(repeating: -10...10, count: d), optimum: Array(repeating: 1, count: d), minimum: 0) { x in
            let w = x.map { 1 + ($0 - 1) / 4 }
            let last = w[w.count - 1]
            let middle = w.dropLast().reduce(0) { $0 + square($1 - 1) * (1 + 10 * square(sin(.pi * $1 + 1))) }
            return square(sin(.pi * w[0])) + middle + square(last - 1) * (1 + square(sin(2 * .pi * last)))
        }
    }

    static func rastrigin(_ d: Int) -> TestFunction {
        centered("rastrigin\(d)", 5.12, d) { x in x.reduce(10 * Double(x.count)) { $0 + $1 * $1 - 10 * cos(2 * .pi * $1) } }
    }

    static func styblinskiTang(_ d: Int) -> TestFunction {
        TestFunction(
            "styblinski\(d)", Array(repeating: -5...5, count: d), optimum: Array(repeating: -2.9035340652, count: d),
            minimum: -39.166165703771 * Double(d)
        ) { x in x.reduce(0) { $0 + 0.5 * ($1 * $1 * $1 * $1 - 16 * $1 * $1 + 5 * $1) } }
    }

    static func griewank(_ d: Int) -> TestFunction {
        centered("griewank\(d)", 600, d) { x in
            let product = x.enumerated().reduce(1.0) { $0 * cos($1.element / Double($1.offset + 1).squareRoot()) }
            return x.reduce(0) { $0 + $1 * $1 / 4000 } - product + 1
        }
    }

    static let michalewicz5 = TestFunction(
        "michalewicz5", Array(repeating: 0...Double.pi, count: 5),
        optimum: [2.20290552, 1.57079633, 1.28499157, 1.92305847, 1.72046977], minimum: -4.687658179088148
    ) { x in
        -x.enumerated().reduce(0.0) { $0 + sin($1.element) * pow(sin(Double($1.offset + 1) * square($1.element) / .pi), 20) }
    }

    static func schwefel(_ d: Int) -> TestFunction {
        TestFunction(
            "schwefel\(d)", Array(repeating: -500...500, count: d), optimum: Array(repeating: 420.9687462, count: d), minimum: 0
        ) { x in x.reduce(418.9828872724339 * Double(x.count)) { $0 - $1 * sin(abs($1).squareRoot()) } }
    }

    static func sphere(_ d: Int) -> TestFunction { centered("sphere\(d)", 5.12, d) { $0.reduce(0) { $0 + $1 * $1 } } }

    private static func centered(
        _ name: String, _ reach: Double, _ d: Int, _ value: @escaping @Sendable ([Double]) -> Double
    ) -> TestFunction {
        TestFunction(
            name, Array(repeating: -reach...reach, count: d), optimum: Array(repeating: 0, count: d), minimum: 0, value: value)
    }

    private static func square(_ x: Double) -> Double { x * x }
}
