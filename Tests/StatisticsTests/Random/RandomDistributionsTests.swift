import Statistics
import Testing

@Suite struct RandomDistributionsTests {
    @Test func `a gaussian draw is the normal quantile of one open uniform`() {
        var a = SplitMix64(seed: 7), b = SplitMix64(seed: 7)
        for _ in 0..<1000 {
            #expect(a.gaussian() == Normal.quantile(b.openUniform()))
        }
        #expect(a.next() == b.next())
    }

    @Test func `the first gaussian draws of a seed are always these`() {
        var generator = SplitMix64(seed: 42)
        let draws = (0..<4).map { _ in generator.gaussian() }
        #expect(draws.map(\.bitPattern) == Self.firstDraws)
    }

    // 0.648177..., -0.994826..., -0.587002..., -0.401052...: within two units in the last place of the 40-digit normal
    // quantiles of SplitMix64's first outputs, 13679457532755275413 and so on.
    private static let firstDraws: [UInt64] = [
        0x3fe4_bdde_731d_47a2, 0xbfef_d59d_d259_ccc3, 0xbfe2_c8b8_bd68_b7a1, 0xbfd9_aad8_52db_488e,
    ]

    @Test func `gaussian draws have the moments and the distribution of the normal`() {
        var generator = SplitMix64(seed: 1)
        let draws = (0..<200_000).map { _ in generator.gaussian() }
        let moments = Moments(draws)
        // Five standard errors of each.
        #expect(abs(moments.mean) < 5 / 447.2)
        #expect(abs(moments.variance() - 1) < 5 * 1.4142 / 447.2)
        #expect(abs(moments.skewness) < 5 * 2.4495 / 447.2)
        #expect(abs(moments.kurtosis - 3) < 5 * 4.899 / 447.2)
        let cdf = EmpiricalCDF(draws)
        let distance = stride(from: -4.0, through: 4, by: 0.05).map { abs(cdf($0) - Normal.cdf($0)) }.max() ?? 1
        #expect(distance * 447.2 < 1.95)  // 0.001 point of the Kolmogorov distribution
    }

    @Test func `an open uniform is never at an end and stays so for the extreme words`() {
        struct Constant: RandomNumberGenerator {
            let word: UInt64
            mutating func next() -> UInt64 { word }
        }
        var low = Constant(word: 0), high = Constant(word: .max)
        #expect(low.openUniform() > 0 && high.openUniform() < 1)
        #expect(low.openUniform() == 1 - high.openUniform())
        #expect(low.gaussian() == -high.gaussian())
        #expect(high.gaussian() < 8.3)
        #expect(low.uniform() == 0 && high.uniform() < 1)
    }

    @Test func `integers below a bound are evenly spread`() {
        var generator = SplitMix64(seed: 3)
        var counts = [Double](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[Int(generator.integer(below: 7))] += 1 }
        let chiSquare = counts.reduce(0) { $0 + ($1 - 10_000) * ($1 - 10_000) / 10_000 }
        #expect(ChiSquare.survival(chiSquare, degrees: 6) > 0.001)
    }

    @Test func `derived seeds differ by root, part and depth`() {
        let seeds = [
            Seed.derive(1), Seed.derive(2), Seed.derive(1, 0), Seed.derive(1, 1), Seed.derive(1, 0, 0), Seed.derive(1, 0, 1),
            Seed.derive(1, 1, 0), Seed.derive(0, 1),
        ]
        #expect(Set(seeds).count == seeds.count)
        #expect(Seed.derive(9, 3, 4) == Seed.derive(9, 3, 4))
    }
}
