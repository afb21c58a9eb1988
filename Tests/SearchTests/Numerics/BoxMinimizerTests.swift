import Search
import Testing

@Suite struct BoxMinimizerTests {
    private func rosenbrock(_ x: [Double]) -> (value: Double, gradient: [Double]) {
        let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
        return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
    }

    @Test func `it finds the bottom of a curved valley`() {
        let minimizer = BoxMinimizer(lower: [-5, -5], upper: [5, 5], iterations: 200, tolerance: 1e-14)
        let (point, value) = minimizer.minimize(from: [-1.2, 1], rosenbrock)
        #expect(value < 1e-10)
        #expect(abs(point[0] - 1) < 1e-4)
    }

    @Test func `it stops at the bounds that hold it`() {
        // Within x <= 1/2 the least value is at (1/2, 1/4).
        let minimizer = BoxMinimizer(lower: [-1, -1], upper: [0.5, 5], iterations: 200, tolerance: 1e-14)
        let (point, value) = minimizer.minimize(from: [-1, 3], rosenbrock)
        #expect(point[0] == 0.5)
        #expect(abs(point[1] - 0.25) < 1e-5)
        #expect(abs(value - 0.25) < 1e-8)
    }

    @Test func `a dimension without room stays as it is, and a function without a value is left alone`() {
        let minimizer = BoxMinimizer(lower: [0.3, 0], upper: [0.3, 1], iterations: 50)
        let (point, _) = minimizer.minimize(from: [0.3, 0.9]) { x in (x[0] * x[0] + x[1] * x[1], [2 * x[0], 2 * x[1]]) }
        #expect(point[0] == 0.3)
        #expect(abs(point[1]) < 1e-3)
        let stuck = minimizer.minimize(from: [0.3, 0.9]) { _ in (.infinity, [0, 0]) }
        #expect(stuck.point == [0.3, 0.9])
    }
}
