/// Student's t distribution.
package enum StudentT {
    /// The probability of a value at most `t` with `degrees` degrees of freedom (positive, not necessarily whole).
    package static func cdf(_ t: Double, degrees: Double) -> Double {
        t > 0 ? 1 - survival(t, degrees: degrees) : survival(-t, degrees: degrees)
    }

    /// The probability of a value above `t`, with full relative accuracy in the upper tail.
    package static func survival(_ t: Double, degrees: Double) -> Double {
        guard degrees > 0, !t.isNaN else { return .nan }
        if degrees == .infinity { return Normal.survival(t) }
        if t < 0 { return 1 - survival(-t, degrees: degrees) }
        let square = t * t
        guard square.isFinite else { return 0 }
        let sum = degrees + square
        return 0.5 * GammaFunctions.incompleteBeta(degrees / 2, 0.5, x: degrees / sum, complement: square / sum)
    }

    /// The probability of a value at least as far from zero as `t`.
    package static func twoSided(_ t: Double, degrees: Double) -> Double { 2 * survival(abs(t), degrees: degrees) }
}
