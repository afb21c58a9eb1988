import Statistics

/// Points that fill the unit cube evenly: in each dimension the digits of the index in a prime base, mirrored at the point.
///
/// Scrambled, each digit is mapped by a random affine permutation of its base that depends on the digit's place, which breaks
/// the stripes that neighbouring large bases have.
package struct HaltonSequence: Sendable {
    private let bases: [Int]
    /// nil leaves the digits as they are; the first point is then the origin.
    private let seed: UInt64?

    /// A sequence of `dimensions` dimensions.
    package init(dimensions: Int, seed: UInt64?) {
        self.seed = seed
        var bases: [Int] = []
        var candidate = 2
        while bases.count < dimensions {
            if bases.allSatisfy({ candidate % $0 != 0 }) { bases.append(candidate) }
            candidate += 1
        }
        self.bases = bases
    }

    /// The point at `index`, 0 or more: coordinates in [0, 1).
    package func point(_ index: Int) -> [Double] {
        bases.enumerated().map { dimension, base in
            var generator = seed.map { SplitMix64(seed: Seed.derive($0, UInt64(dimension))) }
            var (rest, sum, place) = (max(0, index), 0.0, 1.0)
            // Unscrambled the digits beyond the index's are 0; scrambled they are not, and count until they are below rounding.
            while rest > 0 || (generator != nil && place > 0x1p-53) {
                place /= Double(base)
                var digit = rest % base
                rest /= base
                if generator != nil { digit = Self.permuted(digit, base: base, using: &generator) }
                sum += Double(digit) * place
            }
            return min(sum, 1 - 0x1p-53)
        }
    }

    private static func permuted(_ digit: Int, base: Int, using generator: inout SplitMix64?) -> Int {
        let factor = 1 + Int(generator?.integer(below: UInt64(base - 1)) ?? 0)
        let shift = Int(generator?.integer(below: UInt64(base)) ?? 0)
        return (factor * digit + shift) % base
    }
}
