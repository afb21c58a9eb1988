/// Logarithm and exponential made of IEEE basic operations only, so that their bits are the same on every machine.
///
/// C libraries differ in the last bit of `log` and `exp`; whatever must be reproducible byte for byte (seeded draws,
/// the synthetic market) uses these. Error below 2 units in the last place.
package enum PortableMath {
    // The high part of ln 2 has 21 trailing zero bits: its product with an exponent is exact.
    private static let ln2High = 0x1.62e42feep-1
    private static let ln2Low = 0x1.a39ef35793c76p-33

    /// The natural logarithm; -infinity at zero, NaN below.
    package static func log(_ x: Double) -> Double {
        guard x > 0 else { return x == 0 ? -.infinity : .nan }
        guard x < .infinity else { return x }
        var exponent = Int(x.exponent)
        var significand = x.significand
        if significand > 0x1.6a09e667f3bcdp0 {
            significand *= 0.5
            exponent += 1
        }
        // ln(1 + f) = 2 artanh(s) with s = f / (2 + f), by its Taylor series: |s| <= 0.172.
        let f = significand - 1
        let s = f / (2 + f)
        let z = s * s
        var series = 2.0 / 25
        series = series * z + 2.0 / 23
        series = series * z + 2.0 / 21
        series = series * z + 2.0 / 19
        series = series * z + 2.0 / 17
        series = series * z + 2.0 / 15
        series = series * z + 2.0 / 13
        series = series * z + 2.0 / 11
        series = series * z + 2.0 / 9
        series = series * z + 2.0 / 7
        series = series * z + 2.0 / 5
        series = series * z + 2.0 / 3
        series *= z
        // Written as f minus a small term, since f is exact and 2s is not.
        let halfSquare = 0.5 * f * f
        let k = Double(exponent)
        return k * ln2High - ((halfSquare - (s * (halfSquare + series) + k * ln2Low)) - f)
    }

    /// e to the power of `x`; infinity above 709.79, zero below -745.14.
    package static func exp(_ x: Double) -> Double {
        guard x < 709.782712893384 else { return x.isNaN ? x : .infinity }
        guard x > -745.1332191019412 else { return x.isNaN ? x : 0 }
        let k = (x * 1.4426950408889634).rounded()
        let high = x - k * ln2High
        let low = k * ln2Low
        let r = high - low
        // Taylor series of e^r - 1 - r; |r| <= 0.347.
        var series = 1.0 / 87_178_291_200
        series = series * r + 1.0 / 6_227_020_800
        series = series * r + 1.0 / 479_001_600
        series = series * r + 1.0 / 39_916_800
        series = series * r + 1.0 / 3_628_800
        series = series * r + 1.0 / 362_880
        series = series * r + 1.0 / 40_320
        series = series * r + 1.0 / 5_040
        series = series * r + 1.0 / 720
        series = series * r + 1.0 / 120
        series = series * r + 1.0 / 24
        series = series * r + 1.0 / 6
        series = series * r + 0.5
        let small = 1 + (high - (low - series * r * r))
        // Two factors, since 2^1024 and the subnormal powers are no doubles of their own.
        let half = (k * 0.5).rounded(.down)
        return small * powerOfTwo(half) * powerOfTwo(k - half)
    }

    private static func powerOfTwo(_ exponent: Double) -> Double {
        Double(sign: .plus, exponent: Int(exponent), significand: 1)
    }
}
