import Statistics

/// Points that fill the unit cube evenly: of any 2^m that follow an aligned start, each of the cells of an even partition gets
/// its share.
///
/// The order is that of the Gray code, as in the usual implementations. Scrambling is Owen's: each binary digit is flipped or
/// not depending on all digits before it, by a hash of them with the seed, so no tables are kept and any point can be had at
/// once. Art B. Owen, "Randomly permuted (t,m,s)-nets and (t,s)-sequences", 1995.
package struct SobolSequence: Sendable {
    /// nil leaves the points where the sequence has them; the first is then the origin.
    private let seed: UInt64?
    /// `directions[dimension][bit]`.
    private let directions: [[UInt32]]

    /// The most dimensions there are direction numbers for.
    package static let dimensionLimit = SobolDirections.table.count + 1

    /// A sequence of `dimensions` dimensions, at most `dimensionLimit` (more are as many).
    package init(dimensions: Int, seed: UInt64?) {
        self.seed = seed
        directions = (0..<min(dimensions, Self.dimensionLimit)).map(Self.directions)
    }

    private static func directions(_ dimension: Int) -> [UInt32] {
        guard dimension > 0 else { return (0..<32).map { 1 << (31 - $0) } }
        let (coefficients, m) = SobolDirections.table[dimension - 1]
        let degree = m.count
        var v = (0..<32).map { $0 < degree ? m[$0] << UInt32(31 - $0) : 0 }
        for bit in degree..<max(degree, 32) {
            v[bit] = v[bit - degree] ^ (v[bit - degree] >> UInt32(degree))
            for k in 1..<max(1, degree) where (coefficients >> UInt32(degree - 1 - k)) & 1 == 1 { v[bit] ^= v[bit - k] }
        }
        return v
    }

    /// The point at `index`, which is taken modulo 2^32: coordinates in [0, 1).
    package func point(_ index: Int) -> [Double] {
        let index = UInt32(truncatingIfNeeded: index)
        let gray = index ^ (index >> 1)
        return directions.enumerated().map { dimension, v in
            var bits: UInt32 = 0
            for bit in 0..<32 where (gray >> UInt32(bit)) & 1 == 1 { bits ^= v[bit] }
            guard let seed else { return Double(bits) * 0x1p-32 }
            return Self.scrambled(bits, seed: Seed.derive(seed, UInt64(dimension)))
        }
    }

    /// The scrambled digits of `bits`, and below them 21 random ones that go with the cell.
    private static func scrambled(_ bits: UInt32, seed: UInt64) -> Double {
        var result: UInt32 = 0
        for digit in 0..<32 {
            // The digits before, with a 1 in front of them to tell 0 from 00.
            let prefix = digit == 0 ? 1 : (UInt64(1) << UInt64(digit)) | UInt64(bits >> UInt32(32 - digit))
            let flip = UInt32(truncatingIfNeeded: SplitMix64.mix(seed ^ (prefix &* 0x9E37_79B9_7F4A_7C15)) >> 63)
            result |= (((bits >> UInt32(31 - digit)) & 1) ^ flip) << UInt32(31 - digit)
        }
        let rest = SplitMix64.mix(seed &+ UInt64(bits)) >> 43
        return (Double(result) + Double(rest) * 0x1p-21) * 0x1p-32
    }
}
