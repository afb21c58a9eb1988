import Foundation
import Statistics
import Testing

@Suite struct PortableMathTests {
    let reference: Reference

    init() throws { reference = try Reference.load() }

    @Test func `the logarithm is right to two units in the last place`() {
        for row in reference.log {
            #expect(relativeError(PortableMath.log(row[0]), row[1]) < 4.5e-16, "log \(row[0])")
        }
        #expect(PortableMath.log(1) == 0)
        #expect(PortableMath.log(0) == -.infinity)
        #expect(PortableMath.log(-1).isNaN && PortableMath.log(.nan).isNaN)
        #expect(PortableMath.log(.infinity) == .infinity)
    }

    @Test func `the exponential is right to two units in the last place`() {
        for row in reference.exp {
            let value = PortableMath.exp(row[0])
            #expect(relativeError(value, row[1]) < 4.5e-16 || abs(value - row[1]) <= .leastNonzeroMagnitude, "exp \(row[0])")
        }
        #expect(PortableMath.exp(710) == .infinity && PortableMath.exp(.infinity) == .infinity)
        #expect(PortableMath.exp(-746) == 0 && PortableMath.exp(-.infinity) == 0)
        #expect(PortableMath.exp(.nan).isNaN)
    }

    @Test func `both agree with the C library to two units in the last place at seeded points`() {
        var generator = SplitMix64(seed: 5)
        for _ in 0..<20_000 {
            let x = (generator.uniform() - 0.5) * 1400
            #expect(relativeError(PortableMath.exp(x), Foundation.exp(x)) < 4.5e-16)
            let y = Foundation.exp(x * 0.1 * generator.uniform())
            #expect(relativeError(PortableMath.log(y), Foundation.log(y)) < 4.5e-16)
        }
    }
}
